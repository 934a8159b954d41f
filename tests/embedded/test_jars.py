import dataclasses
import shutil
import tomllib
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.embedded import jars
from services.embedded.refusals import EmbeddedError


def test_the_lock_names_each_jar_once_and_no_address():
    text = jars.LOCK.read_text("utf-8")
    names = [jar.file_name for purpose in tomllib.loads(text) for jar in jars.locked_jars(purpose)]
    assert len(names) == len(set(names))
    assert "://" not in text


def test_a_jar_whose_bytes_were_altered_is_fetched_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (altered,) = (jars.jars_folder(tmp_path) / jar.file_name for jar in jars.locked_jars("pages"))
    altered.write_bytes(b"altered")
    (fetched,) = jars.fetch_jars("pages", tmp_path)
    assert fetched == altered
    assert jars.sha256_of(fetched) == jars.locked_jars("pages")[0].sha256


def test_of_several_that_start_at_once_one_downloads_and_the_others_wait(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    downloads, download = [], jars._download

    def counted(missing, *more):
        downloads.append(missing)
        download(missing, *more)

    monkeypatch.setattr(jars, "_download", counted)  # the real one, and how often it was asked
    with ThreadPoolExecutor() as starts:
        found = [starts.submit(jars.fetch_jars, "pages", tmp_path) for _ in range(3)]

    assert len({each.result() for each in found}) == len(downloads) == 1


def test_without_a_network_the_first_start_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(EmbeddedError, match=r"first start, or copy the folder .*referent/jars"):
        jars.fetch_jars("pages", tmp_path)
    assert not list(jars.jars_folder(tmp_path).iterdir())


def test_a_download_of_other_bytes_is_refused(tmp_path):
    (jar,) = jars.locked_jars("pages")
    other = dataclasses.replace(jar, sha256="0" * 64)
    with pytest.raises(EmbeddedError, match=rf"with SHA-256 {jar.sha256}, and .* asks for 0{{64}}"):
        jars._download_one(other, tmp_path)


def test_without_a_cache_jars_lie_below_the_home(tmp_path, monkeypatch):
    shutil.copyfile(jars.LOCK, tmp_path / "cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert jars.jars_folder(tmp_path / "home") == tmp_path / "home" / "jars"
