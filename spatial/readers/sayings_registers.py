"""What the readers of hazards and cases say."""

# ruff: noqa: E501 - a sentence that is looked for by its words stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spatial.ground.model import Action

FILE: dict[str, tuple[str, str]] = {}

REPORT: dict[str, tuple[Action, str, str]] = {
    "id_missing": (
        "set_aside",
        "{layer} 第 {row} 行没有编号，已搁置。",
        "Row {row} of {layer} has no number and was set aside.",
    ),
    "id_twice": (
        "set_aside",
        "{layer} 第 {row} 行的编号与前面重复：{value}，已搁置。",
        "The number in row {row} of {layer} stands there already ({value}); the row was set aside.",
    ),
    "kind_not_read": (
        "noted",
        "{layer} 第 {row} 行的类型不认识：{value}，归为其他。可用：{why}。",
        "The kind in row {row} of {layer} is not known ({value}) and counts as other; use one of {why}.",
    ),
    "grade_differs": (
        "noted",
        "{layer} 第 {row} 行（{ref}）写的险情等级是 {value}，按受威胁人数和财产应为 {why}。两者都保留。",
        "Row {row} of {layer} ({ref}) says threat grade {value}; by the people and property threatened it is {why}. Both are kept.",
    ),
    "areas_joined": (
        "noted",
        "{layer}：{value} 处危险区已按编号并入隐患点。",
        "{layer}: {value} danger areas were joined to their points by number.",
    ),
    "area_no_point": (
        "set_aside",
        "{layer} 第 {row} 行的危险区没有对应的隐患点：{value}，已搁置。",
        "The danger area in row {row} of {layer} belongs to no point ({value}); it was set aside.",
    ),
    "area_not_drawn": (
        "noted",
        "{layer} 第 {row} 行（{ref}）未划定危险区；只有台账自己的数字：{value} 户、{why} 人。",
        "No danger area is drawn for row {row} of {layer} ({ref}): all there is are the register's own numbers, {value} households and {why} people.",
    ),
    "number_not_read": (
        "noted",
        "{layer} 第 {row} 行的 {field} 不是数字：{value}，按未知处理。",
        "{field} in row {row} of {layer} is no number ({value}) and counts as unknown.",
    ),
    "date_not_read": (
        "noted",
        "{layer} 第 {row} 行的 {field} 不是日期：{value}，按未知处理。",
        "{field} in row {row} of {layer} is no date ({value}) and counts as unknown.",
    ),
    "no_report_time": (
        "set_aside",
        "{layer} 第 {row} 行（{ref}）没有读得懂的登记时间，已搁置；请补上时间（如 2026-11-23 08:30）后重新导入。",
        "Row {row} of {layer} ({ref}) has no time of registration that can be read; it was set aside. Give one (2026-11-23 08:30) and import it again.",
    ),
    "report_time_ahead": (
        "set_aside",
        "{layer} 第 {row} 行（{ref}）的登记时间 {why} 在将来，已搁置；请核对后重新导入。",
        "Row {row} of {layer} ({ref}) was registered at a time to come, {why}; it was set aside. Check it and import it again.",
    ),
    "times_out_of_order": (
        "set_aside",
        "{layer} 第 {row} 行（{ref}）的 {field} 早于登记时间（{value}），该时间没有采用。",
        "{field} in row {row} of {layer} ({ref}) is before the case was created ({value}); that time was not taken.",
    ),
    "step_not_read": (
        "noted",
        "{layer} 第 {row} 行（{ref}）的办理步骤读不懂：{value}，该步未取。可用：{why}。",
        "A step in row {row} of {layer} ({ref}) can't be read ({value}) and was left out; use step@time@who with one of {why}.",
    ),
    "point_missing": (
        "set_aside",
        "{layer} 第 {row} 行（{ref}）没有坐标，无法上图，已搁置。",
        "Row {row} of {layer} ({ref}) has no coordinates and was set aside.",
    ),
    "point_not_read": (
        "set_aside",
        "{layer} 第 {row} 行（{ref}）的坐标读不懂：{value}，已搁置。",
        "The coordinates in row {row} of {layer} ({ref}) can't be read ({value}); the row was set aside.",
    ),
    "point_no_crs": (
        "set_aside",
        "{layer} 第 {row} 行（{ref}）的坐标系不认识：{value}，已搁置。可用：{why}。",
        "The coordinate system of row {row} of {layer} ({ref}) is not known ({value}); the row was set aside. Use one of {why}.",
    ),
    "point_swapped": (
        "repaired",
        "{layer} 第 {row} 行（{ref}）的经纬度写反了（{value}），对调后落在所给区域内，已对调。",
        "Longitude and latitude stand swapped in row {row} of {layer} ({ref}; {value}); put right, the point lies inside the area, so it was.",
    ),
    "point_maybe_swapped": (
        "set_aside",
        "{layer} 第 {row} 行（{ref}）的坐标 {value} 不可能成立，经纬度可能写反；没有区域可供核对，已搁置。",
        "The coordinates of row {row} of {layer} ({ref}) can't be right ({value}), they may stand swapped; with no area to check by, the row was set aside.",
    ),
    "point_outside": (
        "noted",
        "{layer} 第 {row} 行（{ref}）的点在所给区域之外 {value} 公里。",
        "The point of row {row} of {layer} ({ref}) lies {value} km outside the area.",
    ),
    "place_differs": (
        "noted",
        "{layer} 第 {row} 行（{ref}）的文字说在{field}，坐标却相距约 {value} 公里（{why}）。请核对。",
        "The words of row {row} of {layer} ({ref}) say {field}, but its point is about {value} km away ({why}); check it.",
    ),
    "other_county": (
        "set_aside",
        "{layer} 第 {row} 行（{ref}）的代码 {value} 不属于 {why}，已搁置。同名乡镇很多，请按代码核对。",
        "The code {value} in row {row} of {layer} ({ref}) does not belong to {why}; the row was set aside. Many towns share a name: check it by the code.",
    ),
    "persons_dropped": (
        "noted",
        "{layer} 的这些列含个人信息，没有读取：{value}。",
        "These columns of {layer} are about persons and were not read: {value}.",
    ),
    "persons_masked": (
        "repaired",
        "{layer} 有 {value} 行的描述含电话或证件号码，已隐去。",
        "Descriptions in {value} rows of {layer} held phone or identity numbers; they were masked.",
    ),
    "feature_not_point": (
        "set_aside",
        "{layer} 第 {row} 行（{ref}）的图形不是点或面（{value}），已搁置。",
        "The shape of row {row} of {layer} ({ref}) is neither point nor polygon ({value}); it was set aside.",
    ),
    "rows_read": (
        "noted",
        "{layer}：读取 {value} 行，搁置 {why} 行。",
        "{layer}: {value} rows read, {why} set aside.",
    ),
}
