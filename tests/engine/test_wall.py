"""What no finished page may hold, each kind for itself; and the policy that lets a browser do nothing else."""

from __future__ import annotations

import html
import re

import pytest

from reportlib.engine.wall import POLICY_MARK, UnsafePageError, check_page, scripts_of, with_policy

FORBIDDEN = {
    "a script": "<script>document.title = 'x'</script>",
    "a script elsewhere": '<script src="x.js"></script>',
    "a script in a picture": "<svg><script>document.title = 'x'</script></svg>",
    "a handler": '<p onclick="document.title = 1">x</p>',
    "a handler in capitals": "<p ONfocus=x>x</p>",
    "a handler in a picture": '<svg><g onbegin="x"></g></svg>',
    "a link that runs": '<a href="javascript:x">x</a>',
    "a link that runs, with blanks": '<a href=" java&#10;script:x">x</a>',
    "a link that runs, in a picture": '<svg><a xlink:href="javascript:x">x</a></svg>',
    "a link to data": '<a href="data:text/html,x">x</a>',
    "a page in an attribute": '<p srcdoc="x">x</p>',
    "a frame": '<iframe src="x.html"></iframe>',
    "an object": '<object data="x.svg"></object>',
    "an embedded file": '<embed src="x.svg">',
    "a reload": '<meta http-equiv="refresh" content="9">',
    "a form": '<form action="https://example.org">x</form>',
    "a button that sends": '<button formaction="https://example.org">x</button>',
    "another base": '<base href="https://example.org">',
    "a linked sheet": '<link rel="stylesheet" href="x.css">',
    "a picture elsewhere": '<img src="https://example.org/x.png" alt="x">',
    "a picture set": '<img srcset="https://example.org/x.png 2x" alt="x">',
    "a film": '<video poster="x.png"></video>',
    "a sound": '<audio src="x.mp3"></audio>',
    "a background": '<table background="https://example.org/x.png"></table>',
    "a style that fetches": '<p style="background: url(https://example.org/x.png)">x</p>',
    "a style that fetches in disguise": '<p style="background: u\\72l(//example.org/x.png)">x</p>',
    "a sheet that fetches": "<style>p { background: url('//example.org/x.png') }</style>",
    "a sheet that imports": '<style>@import "x.css";</style>',
    "a fill that fetches": '<svg><path fill="url(https://example.org/x.svg#a)"/></svg>',
    "a symbol elsewhere": '<svg><use href="x.svg#a"/></svg>',
    "a picture that changes itself": '<svg><set attributeName="href" to="x"/></svg>',
    "HTML in a picture": "<svg><foreignObject><p>x</p></foreignObject></svg>",
    "what is read differently without scripts": "<noscript><p>x</p></noscript>",
    "a section that parsers read differently": "<![CDATA[ x ]]>",
    "a sheet that begins a tag": "<svg><style><p></style></svg>",
    "a comment that parsers read differently": "<!-- x <b> -->",
    "an instruction": "<?xml-stylesheet href='x.css'?>",
}
ALLOWED = {
    "words": "<p>onclick=x javascript:x &lt;script&gt; url(http://example.org)</p>",
    "links": '<a href="#a">x</a> <a href="aarhus.html">x</a> <a href="https://example.org">x</a> '
    '<a href="mailto:a@example.org">x</a>',
    "a picture of its own": '<img src="data:image/png;base64,AAAA" alt="x">',
    "a drawing of its own": '<svg><path fill="url(#a)"/><use href="#a"/></svg>',
    "a style of its own": '<p style="text-align: right">x</p>',
    "a sheet of its own": "<style>p::before { content: '\\2013'; src: url(data:font/woff2;base64,AA//) }</style>",
    "a check box": '<input type="checkbox" id="a"><label for="a">x</label>',
    "a comment": "<!-- x -->",
}


def page(body: str, *, connect: bool = False) -> str:
    return with_policy(
        f"<!DOCTYPE html>\n<html><head>{POLICY_MARK}<style>p{{}}</style></head><body>{body}</body></html>",
        connect=connect,
    )


def policy(text: str) -> dict[str, list[str]]:
    found = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    assert found is not None
    return {rule.split()[0]: rule.split()[1:] for rule in html.unescape(found[1]).split("; ")}


@pytest.mark.parametrize("body", FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_page_is_refused_that_holds(body: str) -> None:
    with pytest.raises(UnsafePageError, match=r"aarhus\.html is not written: (line \d+: )?\S"):
        check_page(page(body), name="aarhus.html")


ELEMENTS = """
iframe frame frameset fencedframe portal object embed applet param base form link animate animateColor animateMotion
animateTransform set foreignObject noscript noembed noframes xmp plaintext template textarea listing
"""
ATTRIBUTES = """
srcdoc srcset imagesrcset action formaction ping background poster data manifest codebase classid archive
"""


@pytest.mark.parametrize("name", ELEMENTS.split())
def test_an_element_that_could_run_or_hide_is_refused_for_its_name_alone(name: str) -> None:
    with pytest.raises(UnsafePageError, match=name.lower()):
        check_page(page(f"<svg><{name}></{name}></svg>"), name="a.html")


@pytest.mark.parametrize("name", ATTRIBUTES.split())
def test_an_attribute_that_could_fetch_or_send_is_refused_for_its_name_alone(name: str) -> None:
    with pytest.raises(UnsafePageError, match=name):
        check_page(page(f'<p {name}="x">x</p>'), name="a.html")


@pytest.mark.parametrize("body", ALLOWED.values(), ids=ALLOWED)
def test_a_page_may_hold(body: str) -> None:
    check_page(page(body), name="aarhus.html")


def test_a_script_of_ours_is_known_by_its_text_and_no_other() -> None:
    ours = page("<script>let a = '<b>';</script>")
    assert scripts_of(ours) == ("let a = '<b>';",)
    check_page(ours, name="a.html", scripts=scripts_of(ours))
    with pytest.raises(UnsafePageError, match="not ours"):
        check_page(page("<script>let a = '<i>';</script>"), name="a.html", scripts=scripts_of(ours))


def test_the_policy_lets_a_report_run_and_fetch_nothing() -> None:
    rules = policy(page("<p>x</p>"))
    assert rules["default-src"] == rules["script-src"] == rules["connect-src"] == ["'none'"]
    assert rules["base-uri"] == rules["form-action"] == ["'none'"]
    assert rules["img-src"] == rules["font-src"] == ["data:"]
    # printf 'p{}' | openssl dgst -sha256 -binary | base64
    assert rules["style-src"] == ["'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='"]


def test_styles_in_attributes_are_allowed_by_their_hash() -> None:
    alone = policy(page("<p>x</p>"))["style-src"]
    assert policy(page('<p style="p{}">x</p>'))["style-src"] == [*alone, "'unsafe-hashes'"]  # the same text, one hash


def test_a_policy_that_is_missing_wrong_or_there_twice_is_refused() -> None:
    good = page("<p>x</p>")
    for bad in (good.replace("<p>x", "<style>i{}</style><p>x"), good.replace("http-equiv", "name"), good * 2):
        with pytest.raises(UnsafePageError, match="policy"):
            check_page(bad, name="a.html")


def test_a_script_put_in_later_gets_a_policy_of_its_own() -> None:
    later = with_policy(page("<p>x</p>").replace("</body>", "<script>ask()</script></body>"), connect=True)
    assert policy(later)["connect-src"] == ["'self'"]
    assert policy(later)["script-src"][0].startswith("'sha256-")
    check_page(later, name="a.html", scripts=["ask()"], connect=True)


MANY = '<p class="a" id="p1">1 &lt; 2</p>\n<svg><path d="M 0 1" x="2"/></svg>\n<a href="#p1">x > y</a>\n'


@pytest.mark.parametrize("text", FORBIDDEN.values(), ids=FORBIDDEN)
def test_what_is_forbidden_is_found_among_thousands_of_like_tags(text: str) -> None:
    found = faults_of(MANY * 3 + text + MANY * 3)
    assert found and found == faults_of_every_tag(MANY * 3 + text + MANY * 3)


@pytest.mark.parametrize(
    "second",
    [
        '<p class="a" id="p2" onclick="x">x</p>', '<p class="url(x)">x</p>',
        "<STYLE>p</STYLE><p onclick='x'>x</p><STYLE>",
        '<p title="a > b" onclick="x">x</p>', "<p id=p2 onclick=x>x</p>", '<a href="#p1" href="javascript:x">x</a>',
        '<svg><use href="x.svg#p1"/></svg>', '<p\nonclick="x">x</p>', '<p class="a"onclick="x">x</p>',
    ],
)  # fmt: skip
def test_the_second_of_two_tags_that_look_alike_is_looked_at(second: str) -> None:
    assert faults_of(MANY + second + MANY) == faults_of_every_tag(MANY + second + MANY)


def faults_of(body: str) -> str:
    with pytest.raises(UnsafePageError) as caught:
        check_page(page_of(body), name="a.html")
    return caught.value.message


def faults_of_every_tag(body: str) -> str:
    """The same with a comment in the page, which makes the check look at each tag."""
    with pytest.raises(UnsafePageError) as caught:
        check_page(page_of(body + "<!-- x -->"), name="a.html")
    return caught.value.message


def page_of(body: str) -> str:
    return with_policy(f"<html><head>{POLICY_MARK}</head><body>{body}</body></html>")
