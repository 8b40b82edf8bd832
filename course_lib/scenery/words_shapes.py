"""Words for the moving shapes, English and Chinese. Same form as `words_en` and `words_zh`."""

SMALL, LARGE = ("small",), ("large",)

EN = {
    "shape": {
        "circle": ["circle", "disc", "round spot"], "square": ["square", "box", "square block"],
        "triangle": ["triangle", "three-cornered shape"], "star": ["star", "five-pointed star"],
    },
    "colour": {
        "red": ["red", "bright red"], "orange": ["orange", "orange-coloured"], "yellow": ["yellow", "bright yellow"],
        "green": ["green", "leaf-green"], "blue": ["blue", "deep blue"], "purple": ["purple", "violet"],
    },
    "size": {"small": ["small", "little", "tiny"], "large": ["large", "big", "great"]},
    "motion": {
        "left": ["moves to the left", "slides left", "is moving left", "travels leftwards"],
        "right": ["moves to the right", "slides right", "is moving right", "travels rightwards"],
        "up": ["moves up", "rises", "is moving upwards", "climbs"],
        "down": ["moves down", "sinks", "is moving downwards", "falls slowly"],
        "grow": ["grows", "is growing", "gets bigger and bigger", "swells"],
        "shrink": ["shrinks", "is shrinking", "gets smaller and smaller", "dwindles"],
        "orbit": ["goes round in a circle", "circles around", "moves in a circle", "runs in an orbit"],
        "still": ["stays where it is", "stands still", "does not move", "rests in its place"],
    },
}  # fmt: skip
EN_PLANS = [
    "a {size} {colour} {shape} {motion}.",
    "the {size} {colour} {shape} {motion}.",
    "a {colour} {shape}, {size}, {motion}.",
    "there is a {size} {colour} {shape}; it {motion}.",
    "show me a {size} {colour} {shape} that {motion}.",
    "look at the {size} {shape}: it is {colour}, and it {motion}.",
    "I see a {size} {shape}, {colour}, which {motion}.",
    "draw a {colour} {shape} that is {size} and {motion}.",
]
ZH = {
    "shape": {
        "circle": ["圆形", "圆", "圆盘"], "square": ["正方形", "方块", "方形"],
        "triangle": ["三角形", "三角"], "star": ["星星", "五角星", "星形"],
    },
    "colour": {
        "red": ["红色", "鲜红"], "orange": ["橙色", "橘色", "橘黄"], "yellow": ["黄色", "明黄"],
        "green": ["绿色", "翠绿"], "blue": ["蓝色", "湛蓝"], "purple": ["紫色", "深紫"],
    },
    "size": {"small": ["小", "小小的", "很小的"], "large": ["大", "大大的", "很大的"]},
    "motion": {
        "left": ["向左移动", "往左滑", "朝左边走", "慢慢左移"], "right": ["向右移动", "往右滑", "朝右边走", "慢慢右移"],
        "up": ["向上移动", "往上升", "慢慢上升", "朝上走"], "down": ["向下移动", "往下落", "慢慢下降", "朝下走"],
        "grow": ["越变越大", "慢慢变大", "在长大", "渐渐放大"], "shrink": ["越变越小", "慢慢变小", "在缩小", "渐渐缩小"],
        "orbit": ["绕圈转", "沿着圆圈转", "转圈移动", "一圈圈地绕"], "still": ["停着不动", "静止不动", "待在原地", "一动不动"],
    },
}  # fmt: skip
ZH_PLANS = [
    "一个{colour}的{size}{shape}{motion}。",
    "一个{size}{shape}，{colour}的，{motion}。",
    "{colour}的{size}{shape}{motion}。",
    "画面里有一个{colour}的{size}{shape}，{motion}。",
    "我想看一个{colour}的{size}{shape}{motion}。",
    "给我画一个{size}{shape}，要{colour}的，{motion}。",
    "你看，那个{colour}的{size}{shape}{motion}。",
    "这个{size}{shape}是{colour}的，它{motion}。",
]
