"""What the readers of other formats say: OpenStreetMap extracts, Shapefile, GeoJSON, KML, mapping files."""

# ruff: noqa: E501 - a sentence that is looked for by its words stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spatial.ground.model import Action

FILE: dict[str, tuple[str, str]] = {
    "format_unknown": (
        "不认识的文件格式：{value}。可用：{why}。",
        "The format of {value} is not known; use one of {why}.",
    ),
    "mapping_broken": (
        "对照文件 {value} 读不出来（{why}）。应为 JSON 或 TOML，见 docs/readers.md。",
        "The mapping file {value} can't be read ({why}); it is JSON or TOML, see docs/readers.md.",
    ),
    "mapping_unknown": (
        "对照文件里 {layer} 的 {value} 不认识。可用：{why}。",
        "The mapping file says {value} in {layer}, which is not known; use one of {why}.",
    ),
    "mapping_layer_missing": (
        "对照文件说图层 {layer} 取自 {value}，文件里没有。现有：{why}。",
        "The mapping takes the layer {layer} from {value}, which the file has not; it has {why}.",
    ),
    "mapping_column_missing": (
        "对照文件说 {layer} 的 {field} 取自字段 {value}，该图层没有。现有：{why}。",
        "The mapping takes {field} of {layer} from the column {value}, which is not there; there are {why}.",
    ),
    "old_grids_none": (
        "{value} 里没有一个面图形，读不出现有网格。图层：{why}。",
        "{value} has not one polygon, so no grids can be read from it; its layers: {why}.",
    ),
    "boundary_needed": (
        "OpenStreetMap 数据需要用 --boundary 说明范围：一个 GeoJSON 或 GeoPackage 文件，或其中行政区的名称或编号；几个行政区写作 r1=12位编码,r2=12位编码。数据里有：{why}。",
        "An OpenStreetMap extract needs --boundary: a GeoJSON or GeoPackage file, or the name or number of an area in it; several are written r1=CODE,r2=CODE with 12 digits each. It has {why}.",
    ),
    "boundary_not_found": (
        "数据里没有完整的行政区“{value}”，也没有这个文件。请改用其中一个，或给出边界文件。数据里有：{why}。",
        "There is no whole area {value} in the extract, and no such file; name one of its own or give a file. It has {why}.",
    ),
    "boundary_not_whole": (
        "行政区“{value}”（{ref}）在数据里不完整，缺少边界线 {why}：截取数据时被切断了。请截取大一些的范围（osmium extract --strategy smart），或用 --boundary 给出边界文件。",
        "The area {value} ({ref}) is not whole in the extract, the ways {why} are missing: it was cut off. Take a larger extract (osmium extract --strategy smart), or give its outline as a file with --boundary.",
    ),
    "boundary_several": (
        "名为“{value}”的行政区不止一个：{why}。请用编号指定。",
        "Several areas are called {value}: {why}; name one by its number.",
    ),
    "osm_no_buildings": (
        "{value} 在所给范围内没有房屋（building=*）。该地在 OpenStreetMap 上可能尚未绘制房屋，请换用含房屋的数据。",
        "{value} has no building (building=*) inside the boundary; OpenStreetMap may not have the buildings of this place yet: use data that has them.",
    ),
}

REPORT: dict[str, tuple[Action, str, str]] = {
    "old_grid_code_lost": (
        "noted",
        "{layer} 第 {row} 行的编码 {field} 存成了数字，末几位已丢失（{value}），未采用。请把该字段改为文本。",
        "The code {field} in row {row} of {layer} was stored as a number and lost its last digits ({value}); it was not taken. Make the column text.",
    ),
    "boundary_relation": (
        "noted",
        "范围取自数据里的 {ref}（{value}）。",
        "The boundary is {ref} of the extract ({value}).",
    ),
    "osm_relation_broken": (
        "set_aside",
        "{value} 个 {layer} 的多边形关系缺少成员，拼不成形，没有读取：{why}。",
        "{value} relations of {layer} lack members and make no shape; they were not read: {why}.",
    ),
    "osm_relation_open": (
        "set_aside",
        "{value} 个 {layer} 的多边形关系的外圈没有闭合或无效，拼不成形，没有读取：{why}。",
        "{value} relations of {layer} have an outer ring that does not close or is none; they were not read: {why}.",
    ),
    "osm_relation_untyped": (
        "set_aside",
        "{value} 个房屋关系不是多边形（缺 type=multipolygon），没有读取：{why}。",
        "{value} relations are buildings but no multipolygons (type=multipolygon is missing); they were not read: {why}.",
    ),
    "osm_way_short": (
        "set_aside",
        "{value} 个房屋轮廓不足三个点，没有读取：{why}。",
        "{value} buildings have fewer than three nodes; they were not read: {why}.",
    ),
    "osm_way_incomplete": (
        "repaired",
        "{value} 个房屋轮廓有的点不在数据里，用其余的点连成：{why}。请核对。",
        "Some nodes of {value} buildings are not in the extract; they were drawn by the others: {why}. Check them.",
    ),
    "osm_way_open": (
        "repaired",
        "{value} 个房屋轮廓没有闭合，已从末点连回起点：{why}。",
        "{value} buildings are not closed; they were closed from the last node to the first: {why}.",
    ),
    "osm_points": (
        "noted",
        "{value} 栋房屋只有一个点，没有轮廓，按点读取：{why}。",
        "{value} buildings are a node without outline and were read as points: {why}.",
    ),
    "osm_not_scanned": (
        "noted",
        "{value} 太大或写法特殊，没有逐条核对是否有图形缺失。请先截取所需范围。",
        "{value} is too large, or of an unusual form: shapes that are not whole were not looked for. Take an extract of the place first.",
    ),
    "households_derived": (
        "noted",
        "{value} 栋房屋的户数为推算值（derived），共 {why} 户，规则：{ref}。并非登记数。",
        "The households of {value} buildings are derived, {why} in all, by the rule {ref}; nobody counted them.",
    ),
    "levels_assumed": (
        "noted",
        "{value} 栋楼房没有层数，推算户数时按 {why} 层计。",
        "{value} buildings have no levels; their households were derived with {why}.",
    ),
    "osm_outside": (
        "noted",
        "数据里另有 {value} 栋房屋在范围之外，没有读取。",
        "The extract has {value} more buildings, outside the boundary; they were not read.",
    ),
    "osm_shape_lost": (
        "set_aside",
        "{layer} 有图形无法拼成，已搁置或按原样闭合（{why}）。",
        "A shape of {layer} could not be put together and was left out, or closed as it stood ({why}).",
    ),
    "osm_ring_closed": (
        "repaired",
        "{layer} 的 {value} 没有闭合，已从末点连回起点。",
        "{value} of {layer} did not close and was closed from its last point to the first.",
    ),
    "bid_by_row": (
        "noted",
        "图层 {layer} 没有房屋编号，以行号代替；重新导出后编号可能变化。",
        "The layer {layer} has no building numbers: the row's number stands for them; another export may number them otherwise.",
    ),
    "ring_closed": (
        "repaired",
        "{layer} 第 {row} 行的轮廓没有闭合，已从末点连回起点。",
        "The outline in row {row} of {layer} did not close and was closed from its last point to the first.",
    ),
    "boundary_unused": (
        "noted",
        "文件自带边界，--boundary 给的 {value} 没有用上。",
        "The file has a boundary of its own; --boundary {value} was not used.",
    ),
    "crs_hint": (
        "noted",
        "{layer} 声明的坐标系下只有 {ref} 落在边界内；若当作 {value} 转换，则有 {why} 落在边界内。请核对坐标系，确认后用 --crs 说明或重新导出。",
        "Only {ref} of {layer} lies inside the boundary as declared; moving by {value} would put {why} inside. Check the coordinate system, then say it with --crs or export again.",
    ),
    "county_differs": (
        "noted",
        "{layer} 第 {row} 行的代码 {value} 属于县 {ref}，而文件的其余各行属于 {why}。同名乡镇很多，请按代码核对。",
        "The code {value} in row {row} of {layer} belongs to county {ref}, the other rows to {why}; many towns share a name: check it by the code.",
    ),
    "code_elsewhere": (
        "noted",
        "{layer} 第 {row} 行的代码 {value} 属于{ref}，图形却在其外约 {why} 公里。同名乡镇很多，请按代码核对。",
        "The code {value} in row {row} of {layer} belongs to {ref}, but the shape lies about {why} km outside it; many towns share a name: check it by the code.",
    ),
}
