"""Folders and archives of saved sites: the pages in them are found, what is none is told, and tricks are refused."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import pytest
from packing import packed
from truth import SITES

from contracts.errors import UsageError
from contracts.helppage import read

SITE = SITES / "Frames"


def files():
    """The HTML pages of a site by name."""
    return {page.name: page.read_bytes() for page in sorted(SITE.glob("*.html"))}


def ids(contract):
    return sorted(operation.id for operation in contract.operations)


@pytest.fixture
def saved(tmp_path):
    """A site as a browser leaves it."""
    for name, data in files().items():
        (tmp_path / name).write_bytes(data)
        beside = tmp_path / name.replace(".html", "_files")
        beside.mkdir()
        (beside / "frame.html").write_text("<h1>Ad</h1>", encoding="utf-8")
    (tmp_path / "HelpPage.css").write_text("h1 {}", encoding="utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "welcome.html").write_text("<html><h1>Welcome</h1><p>you</p></html>", encoding="utf-8")
    return tmp_path


def test_a_folder_is_its_pages_and_what_else_lies_there_is_told(saved):
    contract = read(saved)
    assert ids(contract) == ids(read(*sorted(SITE.glob("*.html"))))
    foreign, aside = contract.notes
    assert "9 files are by name no page and left aside" in aside.what
    assert (foreign.page, foreign.what[:24]) == ("sub/welcome.html", "the page was left out: t")


def test_a_page_in_several_forms_is_read_once_in_the_form_that_says_most():
    contract = read(SITE)
    assert {page.layout for page in contract.pages} == {"html"}
    assert ids(contract) == ids(read(*sorted(SITE.glob("*.html"))))
    assert any("another form of a page that was read" in note.what for note in contract.notes)


def test_two_folders_make_one_contract():
    contract = read(SITE, SITES / "Suppliers")
    assert len(contract.operations) == 10
    assert any("JSON is in PascalCase here" in note.what for note in contract.notes)  # two sites in truth


def test_a_zip_archive_and_a_tar_archive_are_read_as_the_folder_is(tmp_path):
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as archive:
        for name, data in files().items():
            entry = tarfile.TarInfo(f"site/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    (tmp_path / "site.tar.gz").write_bytes(tar.getvalue())
    (tmp_path / "site.zip").write_bytes(packed(files()))
    wanted = ids(read(*sorted(SITE.glob("*.html"))))
    assert ids(read(tmp_path / "site.zip")) == ids(read(tmp_path / "site.tar.gz")) == wanted


def test_a_page_saved_as_one_file_by_a_browser_is_read():
    page = (SITE / "POST-api-Frames.html").read_text(encoding="utf-8").replace("=", "=3D")
    head = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://portal.example/Help/Api/POST-api-Frames\r\n"
    head += 'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="edge"\r\n\r\n'
    part = "--edge\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    style = "\r\n--edge\r\nContent-Type: text/css\r\n\r\nh1 {}\r\n--edge--\r\n"
    saved = (head + part + page + style).encode()
    assert ids(read(saved)) == ["POST api/Frames"]


@pytest.mark.parametrize("name", ["../page.html", "/etc/page.html", "C:/page.html", "a\\..\\..\\page.html"])
def test_an_entry_that_leads_out_of_its_archive_is_left_aside_and_told(name):
    contract = read(packed({name: b"<h1>x</h1>", **files()}))
    assert any("leads out of the archive" in note.what for note in contract.notes)
    assert ids(contract) == ids(read(SITE))


def test_an_archive_that_unpacks_to_more_than_a_site_is_refused():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("page.html", bytes(41_000_000))
    with pytest.raises(UsageError, match="unpacks to more than"):
        read(bomb.getvalue())


@pytest.mark.parametrize("cut", [40, 400])
def test_an_archive_that_is_cut_off_is_one_clear_error(cut):
    with pytest.raises(UsageError, match=r"cannot unpack .*\n    what to do: pack the pages again"):
        read(packed(files())[:-cut])


def test_the_index_tells_which_operations_were_not_saved():
    contract = read(SITES / "index-camel.html", SITE)
    (note,) = [note for note in contract.notes if note.page == "index-camel.html"]
    assert "15 of 20 listed operations have no page among those given: POST api/StockCounts/batch" in note.what
    assert {entry.group for entry in contract.listed} == {"Coatings", "Frames", "OrderSheets", "StockCounts"}
    assert len(contract.listed) == 20


@pytest.mark.parametrize("form", ["index-camel.txt", "index-camel.layout-a.txt"])
def test_an_index_says_the_same_in_text(form):
    one, two = (read(SITES / name, SITE).listed for name in ("index-camel.html", form))
    assert [(e.title, e.group, e.description) for e in one] == [(e.title, e.group, e.description) for e in two]


def test_a_tar_archive_whose_names_alone_are_more_than_a_site_is_refused():
    head = tarfile.TarInfo("name")
    head.type, head.size = tarfile.XHDTYPE, 400_000_000
    bomb = io.BytesIO()
    with gzip.GzipFile(fileobj=bomb, mode="wb", compresslevel=1) as packed_tar:
        packed_tar.write(head.tobuf(tarfile.USTAR_FORMAT))
        for _ in range(201):
            packed_tar.write(bytes(1_000_000))
    with pytest.raises(UsageError, match="unpacks to more than"):
        read(bomb.getvalue())


@pytest.mark.parametrize(
    ("entry", "what"),
    [("word/document.xml", "it is a Word document"), ("inner.zip", "the archive holds no page")],
)
def test_an_archive_without_a_page_is_the_users_fault(entry, what):
    with pytest.raises(UsageError, match=rf"{what}\n    what to do: give an archive of pages saved as HTML"):
        read(packed({entry: b"x"}))


def test_one_operation_in_two_spellings_of_its_path_is_one(tmp_path):
    page = files()["POST-api-Frames.html"].decode()
    contract = read(page, page.replace("POST api/Frames", "POST Api/frames"))
    assert ids(contract) == ["POST api/Frames"]
    other = page.replace("POST api/Frames", "POST Api/frames").replace("<p>Creates", "<p>Never creates")
    assert other.count("Never creates") == 1
    assert any("POST Api/frames stands on page 1 too, with other content" in n.what for n in read(page, other).notes)
