"""What a category's pictures must show, as pages draw it."""

from materials.specimens.draw import of_category
from materials.templatetags.shown import figures, shows


def test_a_line_says_what_has_to_be_there_and_what_must_be_legible():
    assert shows([("毕业<证>", "姓名&学校"), ("学位证书", "")]) == (
        '<li>毕业&lt;证&gt;<span class="soft">：姓名&amp;学校</span></li><li>学位证书</li>'
    )


def test_a_specimen_stands_with_its_caption():
    assert figures(of_category("degree")) == (
        '<figure><img src="/static/specimens/degree.jpg" alt="学位证书的示例图片" loading="lazy">'
        "<figcaption>学位证书（示例）</figcaption></figure>"
    )
