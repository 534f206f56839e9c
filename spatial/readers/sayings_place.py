"""What the reader of a place file says: one row a code, in Chinese and English.

``words.py`` makes errors and report rows of it; docs/place-file.md lists the codes.
"""

# ruff: noqa: E501 - a sentence that is looked for by its words stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spatial.ground.model import Action

FILE: dict[str, tuple[str, str]] = {
    "file_missing": ("没有这个文件：{value}。请核对路径。", "There is no file {value}; check the path."),
    "file_empty": (
        "文件是空的：{value}。请重新导出或复制。",
        "The file {value} is empty; export or copy it again.",
    ),
    "file_broken": (
        "文件损坏、不完整，或不是文件名所说的格式：{value}（{why}）。请重新导出或复制。",
        "The file {value} is broken, cut short or not of the format that its name says ({why}); export or copy it again.",
    ),
    "layer_missing": (
        "文件缺少图层 {layer}；现有图层：{why}。地点文件至少要有 boundary 和 buildings；图层名不同的用 --mapping 对照，边界在别的文件里的用 --boundary 给出。",
        "The file has no layer {layer} (it has: {why}); a place file needs at least boundary and buildings: say by --mapping which layer is which, give an outline from elsewhere by --boundary.",
    ),
    "layer_empty": (
        "图层 {layer} 里一行也没有。请重新导出。",
        "The layer {layer} has no row; export it again.",
    ),
    "layer_broken": (
        "图层 {layer} 读不出来（{why}）。请重新导出。",
        "The layer {layer} can't be read ({why}); export it again.",
    ),
    "column_missing": (
        "图层 {layer} 缺少字段 {field}。请补上该字段。",
        "The layer {layer} has no column {field}; add it.",
    ),
    "crs_missing": (
        "图层 {layer} 没有声明坐标系。请用 --crs 说明（{why}），或在文件里声明。",
        "The layer {layer} declares no coordinate system; say it with --crs ({why}) or declare it in the file.",
    ),
    "crs_unknown": (
        "图层 {layer} 声明的坐标系无法识别：{value}。请改用 EPSG 坐标系重新导出，或用 --crs 说明。",
        "The layer {layer} declares a coordinate system that is not known: {value}; export it again in an EPSG system, or say it with --crs.",
    ),
    "crs_conflict": (
        "图层 {layer} 声明的是 {value}，而 --crs 给的是 {why}。请去掉 --crs 或改正文件。",
        "The layer {layer} declares {value}, but --crs says {why}; leave --crs out or correct the file.",
    ),
}
"""What a file as a whole can be refused for."""

COORDINATES: dict[str, tuple[str, str]] = {
    "lonlat_swapped": (
        "图层 {layer} 的经纬度写反了（第 {row} 行：{value}）。请把经度放在前面，纬度放在后面，重新导出。",
        "Longitude and latitude stand swapped in layer {layer} (row {row}: {value}); put the longitude first and export it again.",
    ),
    "out_of_range": (
        "图层 {layer} 第 {row} 行的坐标超出坐标系范围：{value}。请核对坐标系声明。",
        "The coordinates of layer {layer}, row {row}, lie outside their system: {value}; check the declared system.",
    ),
    "not_finite": (
        "图层 {layer} 第 {row} 行含有不是数字的坐标（NaN 或无穷）。请修正该行。",
        "Layer {layer}, row {row} has coordinates that are no numbers (NaN or infinite); correct the row.",
    ),
    "nothing_inside": (
        "没有一栋房屋落在边界内，最近的相距约 {value} 公里。请核对两个图层的坐标系。",
        "Not one building lies inside the boundary, the nearest is about {value} km away; check the coordinate systems of both layers.",
    ),
}
"""What a file's coordinates can be refused for."""

ROWS: dict[str, tuple[str, str]] = {
    "code_missing": (
        "{layer} 第 {row} 行没有 12 位代码。请补上 code 字段，或用 --code 给出。",
        "Row {row} of {layer} has no 12-digit code; fill the column code, or give it with --code.",
    ),
    "code_not_text": (
        "{layer} 第 {row} 行的 {field} 存成了数字（{value}）。代码是文本，请把该字段改为文本再导出。",
        "{field} in row {row} of {layer} is stored as a number ({value}); codes are text: make the column text and export it again.",
    ),
    "code_not_12_digits": (
        "{layer} 第 {row} 行的代码不是 12 位数字：{value}。请填县 6 位、乡镇 3 位、村 3 位，存成文本。",
        "The code in row {row} of {layer} has not 12 digits: {value}; write county 6, town 3, village 3, as text.",
    ),
    "code_duplicate": (
        "{layer} 第 {row} 行的代码与前面重复：{value}。一个村或社区一行（可为多部件）。",
        "The code in row {row} of {layer} stands there already: {value}; one row a village or community (it may have several parts).",
    ),
    "name_missing": (
        "{layer} 第 {row} 行没有名称。请补上 name 字段，或用 --name 给出。",
        "Row {row} of {layer} has no name; fill the column name, or give it with --name.",
    ),
    "name_duplicate": (
        "{layer} 第 {row} 行的名称与前面重复：{value}。请让名称各不相同。",
        "The name in row {row} of {layer} stands there already: {value}; make the names differ.",
    ),
    "division_missing": (
        "{layer} 第 {row} 行看不出是社区还是村（代码 {value}）。请补上 division 字段，或用 --division 给出。",
        "Whether row {row} of {layer} is a community or a village can't be told from its code {value}; fill the column division, or give it with --division.",
    ),
    "division_unknown": (
        "{layer} 第 {row} 行的 division 应为 community 或 village，而不是 {value}。",
        "division in row {row} of {layer} must be community or village, not {value}.",
    ),
    "parent_not_9_digits": (
        "{layer} 第 {row} 行的上级代码不是 9 位数字：{value}。请填乡镇的 9 位代码。",
        "The parent in row {row} of {layer} has not 9 digits: {value}; write the town's code.",
    ),
    "boundary_empty": (
        "{layer} 第 {row} 行的边界是空的或没有面积。请补画边界。",
        "The boundary in row {row} of {layer} is empty or has no area; draw it.",
    ),
    "boundary_not_polygon": (
        "{layer} 第 {row} 行的边界不是面，而是 {value}。请改画成面。",
        "The boundary in row {row} of {layer} is no polygon but a {value}; draw it as one.",
    ),
    "bid_missing": (
        "{layer} 第 {row} 行没有房屋编号 bid。请补上。",
        "Row {row} of {layer} has no building number bid; give it one.",
    ),
    "bid_not_text": (
        "{layer} 第 {row} 行的 bid 带小数：{value}。编号应为文本或整数。",
        "bid in row {row} of {layer} is a fraction: {value}; it must be text or a whole number.",
    ),
    "bid_duplicate": (
        "{layer} 第 {row} 行的 bid 与前面重复：{value}。每栋房屋要有自己的编号，请改正。",
        "bid in row {row} of {layer} stands there already: {value}; every building needs a number of its own.",
    ),
    "households_missing": (
        "{layer} 第 {row} 行（bid {ref}）没有户数，households 表里也没有这栋房屋。没有住户请填 0。",
        "Row {row} of {layer} (bid {ref}) has no number of households, and the table households does not name the building; write 0 if nobody lives there.",
    ),
    "load_bad": (
        "{layer} 第 {row} 行的 {field}：{value}，不是从 0 起的数（bid {ref}）。请改正。",
        "{field} in row {row} of {layer} is {value} (bid {ref}): not a number from 0; correct it.",
    ),
    "households_negative": (
        "{layer} 第 {row} 行（bid {ref}）的户数是负数：{value}。请改为 0 或正整数。",
        "The number of households in row {row} of {layer} (bid {ref}) is negative: {value}; write a whole number from 0.",
    ),
    "households_too_many": (
        "{layer} 第 {row} 行（bid {ref}）的户数大得不合理：{value}。一栋房屋至多 100000 户，请核对。",
        "The number of households in row {row} of {layer} (bid {ref}) is beyond belief: {value}; a building holds 100,000 at most.",
    ),
    "households_not_number": (
        "{layer} 第 {row} 行（bid {ref}）的户数存成了文本：{value}。请把该字段改为整数。",
        "The number of households in row {row} of {layer} (bid {ref}) is text: {value}; make the column whole numbers.",
    ),
    "households_fraction": (
        "{layer} 第 {row} 行（bid {ref}）的户数不是整数：{value}。请改为整数。",
        "The number of households in row {row} of {layer} (bid {ref}) is no whole number: {value}; write a whole number.",
    ),
    "household_unknown_building": (
        "{layer} 第 {row} 行的 bid 在 buildings 里没有：{value}。请核对编号；合计行请删去。",
        "bid in row {row} of {layer} is not in buildings: {value}; check the number, and delete totals.",
    ),
    "n_negative": (
        "{layer} 第 {row} 行的 n 是负数：{value}。请改为 0 或正整数。",
        "n in row {row} of {layer} is negative: {value}; write a whole number from 0.",
    ),
    "n_not_number": (
        "{layer} 第 {row} 行的 n 不是整数：{value}。请改为整数。",
        "n in row {row} of {layer} is no whole number: {value}; write a whole number.",
    ),
    "floor_unread": (
        "{layer} 第 {row} 行的楼层读不懂：{value}。请写成 3、3层、3F、B1 或 负一层。",
        "The floor in row {row} of {layer} can't be read: {value}; write 3, 3层, 3F, B1 or 负一层.",
    ),
    "status_unknown": (
        "{layer} 第 {row} 行的状态不认识：{value}。可用：{why}。",
        "The status in row {row} of {layer} is not known: {value}; use one of {why}.",
    ),
    "level_unknown": (
        "{layer} 第 {row} 行的层级应为 0 到 3：{value}。",
        "The level in row {row} of {layer} must be 0 to 3: {value}.",
    ),
    "kind_unknown": (
        "{layer} 第 {row} 行的类型应为 basic、ordinary 或 dedicated：{value}。",
        "kind in row {row} of {layer} must be basic, ordinary or dedicated: {value}.",
    ),
    "grid_code_bad": (
        "{layer} 第 {row} 行的网格代码不是 12、15、17 或 19 位数字：{value}。",
        "The grid code in row {row} of {layer} has not 12, 15, 17 or 19 digits: {value}.",
    ),
    "grid_empty": (
        "{layer} 第 {row} 行（{ref}）的网格没有面。",
        "The grid in row {row} of {layer} ({ref}) has no polygon.",
    ),
    "floors_unread": (
        "{layer} 第 {row} 行（{ref}）的楼层段读不懂：{value}。应形如 [1,5)。",
        "The floors in row {row} of {layer} ({ref}) can't be read: {value}; they look like [1,5).",
    ),
}
"""What a row can be refused for."""

REPORT: dict[str, tuple[Action, str, str]] = {
    "boundary_repaired": (
        "repaired",
        "{layer} 第 {row} 行（{ref}）的边界自相交，已修复，面积 {value}。",
        "The boundary in row {row} of {layer} ({ref}) crossed itself and was repaired, area {value}.",
    ),
    "building_repaired": (
        "repaired",
        "{layer} 第 {row} 行（bid {ref}）的轮廓自相交，已修复，面积 {value}。",
        "The footprint in row {row} of {layer} (bid {ref}) crossed itself and was repaired, area {value}.",
    ),
    "feature_repaired": (
        "repaired",
        "{layer} 第 {row} 行的图形自相交，已修复，面积 {value}。",
        "The shape in row {row} of {layer} crossed itself and was repaired, area {value}.",
    ),
    "text_normalised": (
        "repaired",
        "{layer} 第 {row} 行的 {field} 含全角字符或空格，已读作 {value}。",
        "{field} in row {row} of {layer} has full-width characters or blanks and was read as {value}.",
    ),
    "building_empty": (
        "set_aside",
        "{layer} 第 {row} 行（bid {ref}）没有图形，已搁置，连同 {value} 户。",
        "Row {row} of {layer} (bid {ref}) has no shape and was set aside with {value} households.",
    ),
    "building_not_polygon": (
        "set_aside",
        "{layer} 第 {row} 行（bid {ref}）的图形不是面或点，已搁置，连同 {value} 户。",
        "Row {row} of {layer} (bid {ref}) is neither polygon nor point and was set aside with {value} households.",
    ),
    "building_outside": (
        "set_aside",
        "{layer} 第 {row} 行（bid {ref}）在所有边界之外，已搁置，连同 {value} 户。",
        "Row {row} of {layer} (bid {ref}) lies outside every boundary and was set aside with {value} households.",
    ),
    "building_same_shape": (
        "noted",
        "{layer} 第 {row} 行（bid {ref}）与 bid {value} 的轮廓完全相同。",
        "The footprint in row {row} of {layer} (bid {ref}) is the same as that of bid {value}.",
    ),
    "group_missing": (
        "noted",
        "{value} 栋有住户的房屋没有写村民小组，按所在地块归入最近的小组：{why}。",
        "{value} lived-in buildings name no villagers' group; they go with the nearest one: {why}.",
    ),
    "levels_unread": (
        "noted",
        "{layer} 第 {row} 行（bid {ref}）的层数读不懂，按未知处理：{value}。",
        "The levels in row {row} of {layer} (bid {ref}) can't be read and count as unknown: {value}.",
    ),
    "feature_empty": (
        "set_aside",
        "{layer} 第 {row} 行没有图形，已搁置。",
        "Row {row} of {layer} has no shape and was set aside.",
    ),
    "feature_kind": (
        "set_aside",
        "{layer} 第 {row} 行的图形类型不能用（{value}），已搁置。",
        "The shape in row {row} of {layer} is of a kind that can't be used ({value}) and was set aside.",
    ),
    "households_ignored": (
        "noted",
        "{layer} 第 {row} 行（bid {ref}）的户数无效（{value}），以 households 表为准。",
        "The number of households in row {row} of {layer} (bid {ref}) is no number ({value}); the table households holds.",
    ),
    "parent_differs": (
        "noted",
        "{layer} 第 {row} 行的上级代码 {value} 不是代码 {ref} 的前 9 位。",
        "The parent {value} in row {row} of {layer} is not the first 9 digits of the code {ref}.",
    ),
    "parent_by_code": (
        "repaired",
        "{layer} 第 {row} 行的上级代码 {value} 与代码 {ref} 不符，而其余各行都属 {why}，已改为 {why}。",
        "The parent {value} in row {row} of {layer} does not fit the code {ref}; other rows belong to {why}, so it was taken.",
    ),
    "line_through_building": (
        "noted",
        "{layer} 的 {value} 从房屋 {ref} 中间穿过 {why} 米；房屋不会被切开，请核对两者的位置。",
        "{value} of {layer} runs {why} m through building {ref}; no building is cut, check where the two stand.",
    ),
    "flag_unused": (
        "noted",
        "文件里已有 {field}（{value}），命令行给的 {why} 没有用上。",
        "The file has {field} already ({value}); the flag's {why} was not used.",
    ),
    "crs_by_flag": (
        "noted",
        "图层 {layer} 声明的是 {value}，按 --crs 给的 {why} 读取。",
        "The layer {layer} declares {value}; it was read as {why}, as --crs says.",
    ),
    "dem_unreadable": (
        "noted",
        "地形文件 {value} 读不出来，没有使用。请提供 GeoTIFF。",
        "The terrain {value} can't be read and is not used; give a GeoTIFF.",
    ),
    "dem_without_system": (
        "noted",
        "地形文件 {value} 没有坐标系，没有使用。",
        "The terrain {value} names no coordinate system and is not used.",
    ),
    "dem_partial": (
        "noted",
        "地形文件 {value} 没有盖住全部边界。",
        "The terrain {value} does not lie under all of the boundary.",
    ),
    "ridges_found": (
        "noted",
        "按地形找出山脊线 {value} 千米，作为村内边界可沿的地物。",
        "{value} km of ridges were found in the terrain: features that the borders of villages may follow.",
    ),
    "layer_ignored": (
        "noted",
        "不认识的图层 {layer}，没有读取。",
        "The layer {layer} is not known and was not read.",
    ),
}
"""What reading can repair, set aside or note."""
