"""The errors of the law: what makes a change impossible to register (STD 11.1; codes C001 and up).

What only needs attention is an alert (`alerts.py`), never an error.
"""

from daicho.law.errors import DaichoError


class FutureChangeDate(DaichoError):
    """Only a move out of the city may be notified ahead (STD 4.0.3); data: shown."""

    code = "C001"
    happened = "異動日{shown}は今日より後の日付です。"
    todo = "異動日を確かめてください。先の日付にできるのは転出だけです。"


class ChangeBeforeBirth(DaichoError):
    """Nobody can move before being born; data: born."""

    code = "C002"
    happened = "異動日が生年月日（{born}）より前です。"
    todo = "異動日と生年月日を確かめてください。"


class AlreadyResident(DaichoError):
    """The person to be entered is a resident on that day."""

    code = "C003"
    status = 409
    happened = "この人は異動日の時点で、すでに住民として記載されています。"
    todo = "検索して同じ人かどうかを確かめてください。市内の引っ越しは転居で届け出ます。"


class NotResident(DaichoError):
    """The person is no resident on that day."""

    code = "C004"
    status = 409
    happened = "この人は異動日の時点で住民として記載されていません。"
    todo = "異動日と、住民となった日・消除の日を確かめてください。"


class SecondHead(DaichoError):
    """A household has one head at most (STD 1.1.10)."""

    code = "C005"
    happened = "世帯主が二人以上になります。"
    todo = "世帯主を一人にして、ほかの人の続柄を選び直してください。"


class NoHead(DaichoError):
    """A household has a head unless it is recorded as having none (STD 1.1.10)."""

    code = "C006"
    happened = "世帯主がいません。"
    todo = "世帯の一人を世帯主にしてください。"


class NewHeadNeeded(DaichoError):
    """The head leaves and two or more stay: the new head must be named first (STD 4.0.4); data: count."""

    code = "C007"
    happened = "世帯主がいなくなり、{count}人が残ります。"
    todo = "残る人の中から新しい世帯主を選んでください。"


class NewHeadUnfit(DaichoError):
    """The named head does not stay in the household, or the household keeps its head."""

    code = "C008"
    happened = "選ばれた人を新しい世帯主にできません。"
    todo = "世帯に残る人から選んでください。世帯主が残るときは選ばずに進めてください。"


class LaterChangeExists(DaichoError):
    """Something is registered from a later day that this change would overwrite; data: shown."""

    code = "C010"
    status = 409
    happened = "{shown}から有効な登録がすでにあります。"
    todo = "異動日を確かめてください。先の登録を取り消すか訂正してから、この異動を行ってください。"


class MustReturn(DaichoError):
    """A removed record has the same number: the person must be entered as returning (STD 4.1.1.2)."""

    code = "C011"
    status = 409
    happened = "番号が同じ除票があります。新しい人としては記載できません。"
    todo = "候補を開き、再転入者として選んでください。宛名番号は前のものを引き継ぎます。"


class UnknownTown(DaichoError):
    """The address is in no town of the address dictionary (STD 1.3.3); data: town."""

    code = "C013"
    happened = "町字コード{town}は住所辞書にありません。"
    todo = "町名の頭の文字か郵便番号から選び直してください。"


class HouseholdEmpty(DaichoError):
    """Nobody lives in the household to be joined on that day."""

    code = "C014"
    happened = "異動日の時点で、その世帯には誰もいません。"
    todo = "世帯を選び直すか、新しい世帯として届け出てください。"


class HouseholdOccupied(DaichoError):
    """Somebody lives in the household that was to be new."""

    code = "C015"
    status = 409
    happened = "新しい世帯のはずの世帯に、すでに人がいます。"
    todo = "その世帯に入るときは、既存の世帯を選んで届け出てください。"


class DeathBeforeBirth(DaichoError):
    """The day of death lies before the day of birth; data: born."""

    code = "C016"
    happened = "死亡日が生年月日（{born}）より前です。"
    todo = "死亡日と、人を取り違えていないかを確かめてください。"


class DuplicatePerson(DaichoError):
    """One person stands twice in the notification; data: row."""

    code = "C017"
    happened = "{row}人目は、先に入力した人と同じ人です。"
    todo = "重なった行を消してください。"


class NobodyMoves(DaichoError):
    """The notification names nobody."""

    code = "C018"
    happened = "異動する人が選ばれていません。"
    todo = "異動する人を一人以上選んでください。"


class NotifiedInFuture(DaichoError):
    """The day of notification, request or notice lies after today (STD 4.1.0.2); data: shown, word."""

    code = "C019"
    happened = "{word}{shown}は今日より後の日付です。"
    todo = "{word}を確かめてください。"


class NotifiedBeforeChange(DaichoError):
    """A move is notified after it was made (法22条, 23条, 25条); data: shown, word."""

    code = "C020"
    happened = "{word}が異動日（{shown}）より前です。"
    todo = "異動の前には届け出られません。異動日と{word}を確かめてください。"


class ItemMissing(DaichoError):
    """An item that may not be blank is blank (STD 1.1.6); data: item."""

    code = "C022"
    happened = "{item}がありません。"
    todo = "{item}を入力してください。"


class NotOfHousehold(DaichoError):
    """A chosen person does not belong to the household on that day."""

    code = "C024"
    happened = "選ばれた人は、異動日の時点でその世帯にいません。"
    todo = "世帯を開き直して、異動する人を選び直してください。"


class RelationshipNeeded(DaichoError):
    """The relationship to the head cannot be inferred; data: row."""

    code = "C025"
    happened = "{row}人目の世帯主との続柄が決められません。"
    todo = "続柄を選んでください。"


class HeadLeavesLater(DaichoError):
    """The household loses its head on a later day because the head's leaving is registered already; data: shown."""

    code = "C026"
    status = 409
    happened = "{shown}に世帯主が世帯からいなくなる予定が登録されています。"
    todo = "ほかの人を世帯主にするか、先に転出の予定を取り消してください。"


class SameHead(DaichoError):
    """The named person is the head already."""

    code = "C027"
    happened = "選ばれた人は、すでに世帯主です。"
    todo = "新しく世帯主になる人を選んでください。"


class NotificationUnreadable(DaichoError):
    """A value has the wrong form, is unknown or too long; `field` names it by its path."""

    code = "C028"
    status = 400
    happened = "届出の内容に読み取れない項目があります。"
    todo = "印の付いた項目を入力し直してください。"


class PlanOutdated(DaichoError):
    """The register was read for another day than the change date."""

    code = "C029"
    status = 409
    happened = "異動日が変わったため、確認した内容が古くなっています。"
    todo = "異動前後の内容をもう一度確かめてください。"


class HeadlessHousehold(DaichoError):
    """The household is recorded as having no head; a head is set for all of it, not brought by a newcomer."""

    code = "C030"
    happened = "世帯主を設定していない世帯です。"
    todo = "先に世帯主変更で世帯主を設定してください。"


class RelationshipFixed(DaichoError):
    """A relationship was chosen for somebody whose relationship this change does not touch."""

    code = "C031"
    happened = "この人の続柄は、この異動では選べません。"
    todo = "世帯と人を確かめてください。続柄だけを直すときは職権修正で行います。"


class PersonDead(DaichoError):
    """The removed record says that the person died; nobody returns from that."""

    code = "C032"
    status = 409
    happened = "この人の記録は死亡により消除されています。"
    todo = "人を取り違えていないかを確かめてください。死亡の登録が誤りなら、先にそれを取り消してください。"


class NotRegisteredThen(DaichoError):
    """Something is to be put right for a day before the person's first record; data: shown."""

    code = "C040"
    status = 409
    happened = "この人は{shown}にはまだ記載されていません。"
    todo = "異動日を確かめてください。記載より前の日の記録は直せません。"


class ChangeGone(DaichoError):
    """The change to be taken back is not in the register, or not for these people."""

    code = "C041"
    status = 409
    happened = "取り消す異動が見つかりません。"
    todo = "世帯の画面の異動履歴から、取り消す異動を選び直してください。"


class AlreadyCancelled(DaichoError):
    """The change has been taken back already."""

    code = "C042"
    status = 409
    happened = "この異動は、すでに取り消されています。"
    todo = "異動履歴で、取消しの異動を確かめてください。元に戻すときは、取消しの異動を取り消します。"


class LaterChangeRelies(DaichoError):
    """A later change rests on the one to be taken back; data: later (its word and date)."""

    code = "C043"
    status = 409
    happened = "後の異動「{later}」が、この異動を前提にしています。"
    todo = "先に「{later}」を取り消してから、この異動を取り消してください。"


class CancellationBreaksHousehold(DaichoError):
    """Without the change a household would break its rules on a day; data: shown, rule, later."""

    code = "C044"
    status = 409
    happened = "取り消すと、{shown}に世帯の決まりに合わなくなります（{rule}）。"
    todo = "先に{later}を取り消すか訂正してから、この異動を取り消してください。"


class FormerHouseholdGone(DaichoError):
    """The household to go back to is no longer there on a day; data: shown, later."""

    code = "C045"
    status = 409
    happened = "戻る先の世帯は、{shown}にはもうその住所にありません（{later}）。"
    todo = "「新しい世帯として戻す」を選ぶか、先に後の異動を取り消してください。"


class RelationshipInDoubt(DaichoError):
    """The head differs from the one to whom the relationship was recorded."""

    code = "C046"
    happened = "取り消すと世帯主が変わるため、続柄を決められない人がいます。"
    todo = "印の付いた人の続柄を選んでください。"


class NothingToRestore(DaichoError):
    """What stood before the change is not in this register: an older one made it."""

    code = "C047"
    status = 409
    happened = "この異動より前の記録が、この台帳にありません。"
    todo = "移行前の異動は取り消せません。職権記載か誤記修正で、正しい内容を記録してください。"


class FormerHouseholdThere(DaichoError):
    """A new household was asked for, but the former one is there."""

    code = "C048"
    happened = "元の世帯に戻れるため、新しい世帯は作れません。"
    todo = "「新しい世帯として戻す」の印を外してください。"


class AddressDiffers(DaichoError):
    """A change of household never changes the address (STD 4.1.4.1), the building line included."""

    code = "C080"
    status = 409
    happened = "二つの世帯の住所か方書が違います。"
    todo = "引っ越したときは転居で届け出ます。方書の書き方だけが違うときは、職権修正でそろえてから行ってください。"


class OrderUnfit(DaichoError):
    """The order set by hand names others than the residents, or does not begin with the head (STD 5.2)."""

    code = "C081"
    happened = "並び順が決められません。"
    todo = "世帯主を1番にして、全員に違う番号を付けてください。"


class RelationshipImpossible(DaichoError):
    """A chosen relationship contradicts sex or age (民法793条 for 子 and 父・母); data: word, item."""

    code = "C082"
    happened = "続柄「{word}」は{item}と合いません。"
    todo = "続柄を選び直してください。性別や生年月日が誤っているときは、先にその記載を直してください。"


class NobodyStays(DaichoError):
    """Everybody would leave a household that is split or that only some members leave."""

    code = "C083"
    happened = "世帯の全員が選ばれています。"
    todo = "世帯分離と世帯変更では一人以上が残ります。全員が移るときは世帯合併を選んでください。"


class SomebodyStays(DaichoError):
    """A household is merged as a whole; data: count."""

    code = "C084"
    happened = "世帯合併なのに、{count}人が選ばれていません。"
    todo = "全員を選ぶか、一部の人だけが移るときは世帯変更を選んでください。"


class SameHousehold(DaichoError):
    """People leave a household to join the same one."""

    code = "C085"
    happened = "移る先が、いまの世帯です。"
    todo = "移る先の世帯番号を確かめてください。"


class AlreadyHeadless(DaichoError):
    """The household is recorded as having no head already."""

    code = "C086"
    happened = "すでに世帯主を設定していない世帯です。"
    todo = "世帯を確かめてください。世帯主を設定するときは、新しい世帯主を選びます。"


class NotMovedOut(DaichoError):
    """The notice of arrival is about somebody who has neither moved out nor been removed ex officio; data: row."""

    code = "C087"
    status = 409
    happened = "{row}人目は、転出も職権消除もされていません。"
    todo = (
        "転入通知の人と、この世帯の人が同じかを確かめてください。転出の届出がないときは、職権の転出として記録します。"
    )


class NewerNotice(DaichoError):
    """A newer notice of arrival has been received already (STD 4.1.3.1.2); data: shown."""

    code = "C088"
    status = 409
    happened = "{shown}の転入通知がすでに受理されています。"
    todo = "通知の日付を確かめてください。新しいほうの通知で記録します。"


class ArrivedTooEarly(DaichoError):
    """The day of arrival lies before the person became a resident here; data: row."""

    code = "C089"
    happened = "{row}人目は、転入通知の転入日にはまだこの市の住民ではありません。"
    todo = "転入日と、人を取り違えていないかを確かめてください。"


class CardRouteAbroad(DaichoError):
    """The move out by card is for moves to another municipality (法24条の2)."""

    code = "C090"
    happened = "国外転出に、個人番号カードによる転出は使えません。"
    todo = "特例の欄を空にしてください。"


class RemovalMoved(DaichoError):
    """The removal no longer stands on the day that the notice was read against; data: row."""

    code = "C091"
    status = 409
    happened = "{row}人目の消除の日が、選んだほかの人と違うか、画面を開いた後に変わりました。"
    todo = "消除の日が同じ人どうしで、転入通知を分けて受理してください。"


class CardNotShown(DaichoError):
    """A move in with a card needs the card of one of those who move in (法24条の2)."""

    code = "C092"
    happened = "個人番号カードを示した人が、転入する人の中にいません。"
    todo = "カードを示した人の行の番号を入力してください。カードがなければ転出証明書を受け取り、区分を「転入」にしてください。"


class CardRouteLapsed(DaichoError):
    """The card takes the place of the paper only for some days (法24条の2); data: limit, last."""

    code = "C093"
    happened = "特例転入の届出の期限（{limit}、{last}まで）を過ぎています。"
    todo = "前の市区町村の転出証明書を受け取り、区分を「転入」にしてください。"


class CardRouteNotNotified(DaichoError):
    """Only a notification is made with a card (法24条の2)."""

    code = "C094"
    happened = "特例転入は、届出によるときだけ登録できます。"
    todo = "根拠を「届出」にするか、区分を「転入」にしてください。"
