"""The rule that agents in the field were served by, on OpenCV: what `cargo bench --bench resolve` measures beside.

One request a line on standard input, one answer a line on standard output, both JSON:

  {"load": NAME, "path": FILE}                    keeps a grey picture under a name
  {"find": ANCHOR, "on": SCREEN, "scales": [..]}  searches one kept picture on another
  {"resolve": FILE, "on": FILE}                   decodes both files, then searches

Times are taken here, around the search alone, so that neither the pipe nor JSON counts.
"""

import json
import sys
import time

import cv2
import numpy

SCALES = [1.0, 0.9, 1.1, 0.8, 1.2, 0.75, 1.25]
ENOUGH = 0.95
THRESHOLD = 0.7
MIN_SCALED_SIDE = 10


def find(screen, anchor, scales):
    """The best place over the scales, if it reaches the threshold."""
    height, width = screen.shape
    anchor_height, anchor_width = anchor.shape
    if anchor_height > height or anchor_width > width:
        return None
    best = None
    for scale in scales:
        if scale == 1.0:
            template, w, h = anchor, anchor_width, anchor_height
        else:
            w, h = int(anchor_width * scale), int(anchor_height * scale)
            if w < MIN_SCALED_SIDE or h < MIN_SCALED_SIDE or w > width or h > height:
                continue
            template = cv2.resize(anchor, (w, h), interpolation=cv2.INTER_LINEAR)
        scores = cv2.matchTemplate(screen, template, cv2.TM_CCOEFF_NORMED)
        _, score, _, (x, y) = cv2.minMaxLoc(scores)
        if best is None or score > best["score"]:
            best = {"x": x, "y": y, "width": w, "height": h, "score": score, "scale": scale}
        if best["score"] >= ENOUGH:
            break
    return best if best is not None and best["score"] >= THRESHOLD else None


def grey(path):
    """A file as the server read it: in colour, then to luma."""
    with open(path, "rb") as file:
        picture = cv2.imdecode(numpy.frombuffer(file.read(), dtype=numpy.uint8), cv2.IMREAD_COLOR)
    return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)


def main():
    # Ours searches on one thread.
    cv2.setNumThreads(1)
    kept = {}
    print(json.dumps({"version": cv2.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if "load" in request:
            kept[request["load"]] = cv2.imread(request["path"], cv2.IMREAD_GRAYSCALE)
            answer = {}
        else:
            began = time.perf_counter()
            if "find" in request:
                hit = find(kept[request["on"]], kept[request["find"]], request.get("scales", SCALES))
            else:
                hit = find(grey(request["on"]), grey(request["resolve"]), SCALES)
            answer = {"ms": (time.perf_counter() - began) * 1000.0, "hit": hit}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
