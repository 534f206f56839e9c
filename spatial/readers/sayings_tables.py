"""What the readers of tables say: workbooks, CSV files, and registers of households in them."""

# ruff: noqa: E501 - a sentence that is looked for by its words stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spatial.ground.model import Action

FILE: dict[str, tuple[str, str]] = {
    "table_encoding": (
        "{value} 既不是 UTF-8 也不是 GB18030 编码。请另存为 UTF-8 或 XLSX。",
        "{value} is neither UTF-8 nor GB18030; save it as UTF-8 or as XLSX.",
    ),
    "table_broken": (
        "表格 {value} 损坏或读不出来（{why}）。请用电子表格软件打开后另存。",
        "The table {value} is broken or can't be read ({why}); open it in a spreadsheet program and save it again.",
    ),
    "table_no_header": (
        "{value} 里找不到标题行。至少要有：{why}。",
        "No row of headings is found in {value}; it needs at least {why}.",
    ),
    "table_column_missing": (
        "{layer} 缺少列：{field}。现有：{why}。",
        "{layer} has no column {field}; it has {why}.",
    ),
    "register_matches_nothing": (
        "户籍表 {layer} 没有一行能对应到房屋（共 {value} 行，例如 {why}）。请核对小区和楼栋的名称。",
        "Not one row of the register {layer} belongs to a building (of {value}; for example {why}); check the names of estates and buildings.",
    ),
}

REPORT: dict[str, tuple[Action, str, str]] = {
    "register_summary": (
        "noted",
        "户籍表 {layer}：{value}。",
        "The register {layer}: {why}.",
    ),
    "sheet_skipped": (
        "noted",
        "工作表 {layer} 没有认得的标题行，没有读取。",
        "The sheet {layer} has no row of known headings and was not read.",
    ),
    "total_row": (
        "set_aside",
        "{layer} 第 {row} 行是合计行（{value}），没有计入。",
        "Row {row} of {layer} is a total ({value}) and was not counted.",
    ),
    "remark_row": (
        "set_aside",
        "{layer} 第 {row} 行是备注，没有读取。",
        "Row {row} of {layer} is a remark and was not read.",
    ),
    "register_building_missing": (
        "set_aside",
        "{layer} 第 {row} 行没有写楼栋，已搁置。",
        "Row {row} of {layer} names no building and was set aside.",
    ),
    "register_unmatched": (
        "set_aside",
        "{layer} 第 {row} 行的“{value}”对应不到房屋，已搁置。相近的有：{why}。",
        "{value} in row {row} of {layer} belongs to no building and was set aside; the nearest are {why}.",
    ),
    "register_ambiguous": (
        "set_aside",
        "{layer} 第 {row} 行的“{value}”可对应多栋房屋（{why}），已搁置。请写明小区。",
        "{value} in row {row} of {layer} fits several buildings ({why}) and was set aside; say which estate.",
    ),
    "building_range": (
        "set_aside",
        "{layer} 第 {row} 行的“{value}”是多栋楼，不是一栋，已搁置。请每栋一行，或给出户数以便分摊。",
        "{value} in row {row} of {layer} is a range of buildings, not one, and was set aside; write one row a building, or give a count to be spread.",
    ),
    "building_range_spread": (
        "noted",
        "{layer} 第 {row} 行的“{value}”是多栋楼，{why} 户已平均分摊。",
        "{value} in row {row} of {layer} is a range of buildings; its {why} households were spread evenly.",
    ),
    "head_missing": (
        "set_aside",
        "{layer} 第 {row} 行的房间只有家庭成员、没有户主，未计为一户。",
        "The room in row {row} of {layer} has members but no head of household and was not counted.",
    ),
    "room_twice": (
        "noted",
        "{layer} 第 {row} 行与第 {value} 行是同一房间，各计一户。",
        "Row {row} of {layer} is the same room as row {value}; each counts as a household.",
    ),
    "floor_not_read": (
        "noted",
        "{layer} 第 {row} 行的楼层读不懂：{value}，按未知处理。",
        "The floor in row {row} of {layer} can't be read ({value}) and counts as unknown.",
    ),
    "status_not_read": (
        "noted",
        "{layer} 第 {row} 行的状态不认识：{value}，按未填处理。可用：{why}。",
        "The status in row {row} of {layer} is not known ({value}) and counts as none; use one of {why}.",
    ),
    "n_not_read": (
        "set_aside",
        "{layer} 第 {row} 行的户数不是非负整数：{value}，已搁置。",
        "The number of households in row {row} of {layer} is no whole number from 0 ({value}); the row was set aside.",
    ),
    "code_from_number": (
        "repaired",
        "{layer} 第 {row} 行的 {field} 存成了数字，已读作 {value}。代码应存为文本。",
        "{field} in row {row} of {layer} was stored as a number and was read as {value}; codes are text.",
    ),
    "code_digits_lost": (
        "set_aside",
        "{layer} 第 {row} 行的 {field} 存成了数字，末位已丢失（{value}），没有采用。请改为文本格式后重新填写。",
        "{field} in row {row} of {layer} was stored as a number and lost its last digits ({value}); it was not taken. Make the column text and enter it again.",
    ),
    "households_not_in_register": (
        "noted",
        "户籍表没有提到 {value} 栋房屋；文件也没有它们的户数，按 0 户计。",
        "The register does not name {value} buildings, and the file does not say who lives there: they count as 0.",
    ),
    "register_replaces": (
        "noted",
        "文件自带的 households 表有 {value} 行，与户籍表重复的房屋以户籍表为准。",
        "The file has a table households of {value} rows; the register given holds for each building that it names.",
    ),
    "households_by_register": (
        "noted",
        "{layer} 有 {value} 行没有户数（{ref}），以登记表为准，第 {why} 行。",
        "{value} rows of {layer} have no number of households ({ref}); the register holds, rows {why}.",
    ),
    "cells_full_width": (
        "repaired",
        "{layer} 有 {value} 行的 {field}（{ref}）含全角字符，已按半角读取，第 {why} 行。",
        "{field} in {value} rows of {layer} ({ref}) has full-width characters and was read without, rows {why}.",
    ),
    "cells_blanks": (
        "repaired",
        "{layer} 有 {value} 行的 {field}（{ref}）前后有空格，已去掉，第 {why} 行。",
        "{field} in {value} rows of {layer} ({ref}) has blanks around it; they were taken off, rows {why}.",
    ),
    "cells_nothing": (
        "noted",
        "{layer} 有 {value} 行的 {field}（{ref}）写作“无”一类的字，按空白读取，第 {why} 行。",
        "{field} in {value} rows of {layer} ({ref}) says 无 or its like and was read as empty, rows {why}.",
    ),
    "cells_floor_letters": (
        "noted",
        "{layer} 有 {value} 行的 {field}（{ref}）写作 3F 的样子，已读作楼层，第 {why} 行。",
        "{field} in {value} rows of {layer} ({ref}) is written like 3F and was read as a floor, rows {why}.",
    ),
    "cells_basement": (
        "noted",
        "{layer} 有 {value} 行的 {field}（{ref}）是地下层，读作负数，第 {why} 行。",
        "{field} in {value} rows of {layer} ({ref}) is below the ground and was read as negative, rows {why}.",
    ),
    "n_missing": (
        "noted",
        "{layer} 有 {value} 行没有户数 n，每行按 1 户计，第 {why} 行。",
        "{value} rows of {layer} have no n; each counts as 1 household, rows {why}.",
    ),
}
