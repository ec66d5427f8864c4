"""The keeping of removed records on the page: work list by year, request, approval, disposal, the answer of the search."""

from typing import TYPE_CHECKING

from daicho.wire.environment import Environment
from tests.approvals.test_screens import act
from tests.screens.desk_pages import text
from tests.store.test_retention import OLD, number_of, removed

if TYPE_CHECKING:
    from tests.signon.desk import Desk


def test_from_the_work_list_to_the_answer(screen_desk: "Desk", module_environment: Environment) -> None:
    from tests.signon.desk import post

    number = number_of(module_environment, removed(module_environment, OLD))
    reviewer, admin, clerk = (screen_desk.sign_on(who) for who in ("reviewer1", "admin1", "clerk1"))
    assert clerk.get("/retention").status_code == 403
    page = text(reviewer.get("/retention"))
    assert "2025年" in page
    assert "住民基本台帳法施行令34条1項" in page
    assert post(reviewer, "/retention", {"reason": ""}).status_code == 422
    page = post(reviewer, "/retention", {"reason": "文書廃棄 第3号"}).headers["Location"]
    assert post(reviewer, "/retention", {"reason": "文書廃棄 第4号"}).status_code == 409
    assert f'href="{page}"' in text(admin.get("/retention"))
    assert act(reviewer, page, "approve").status_code == 403
    assert act(admin, page, "approve").status_code == 302
    assert act(reviewer, page, "execute").status_code == 302
    assert "実行済" in text(admin.get("/retention"))
    again = post(reviewer, page.replace("approvals", "retention"), {})
    assert again.status_code == 404
    assert "除票の保存と廃棄" in text(admin.get("/"))
    answer = post(clerk, "/search", {"q": number, "purpose": "04"})
    assert "保存期間満了により廃棄" in text(clerk.get(answer.headers["Location"]))
    answer = post(clerk, "/search", {"q": "ソンザイ シナイ", "purpose": "04"})
    nobody = text(clerk.get(answer.headers["Location"]))
    assert "見つかりませんでした" in nobody
    assert "廃棄されていることがあります" in nobody
