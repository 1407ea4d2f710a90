"""What the field's module does with names, personal data and its audit: what `cargo bench --bench competence` measures beside.

One request a line on standard input, one answer a line on standard output, both JSON:

  {"slugs": [NAME, ..]}                 makes the slug of each name
  {"scan": TEXT}                        looks for its five patterns
  {"append": FILE, "count": N}          adds N entries, counting the lines anew for each as it does
  {"verify": FILE}                      reads every line as JSON, the nearest it has to a verification

Times are taken here, so that neither the pipe nor JSON counts.
"""

import fcntl
import json
import os
import re
import sys
import time
import unicodedata

PATTERNS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b\d{13}\b",
        r"\b\d{15}\b",
        r"\bIPP[\s:_-]*\d{6,}\b",
        r"[\w\.-]+@[\w\.-]+\.\w{2,}",
        r"\b0[1-9](?:[ .-]?\d{2}){4}\b",
    )
]


def slug(name):
    plain = unicodedata.normalize("NFKD", name.strip()).encode("ascii", "ignore").decode("ascii")
    plain = re.sub(r"[^a-z0-9_]+", "", re.sub(r"[\s\-./\\]+", "_", plain.lower()))
    plain = re.sub(r"_+", "_", plain).strip("_")
    return ("c_" + plain if plain[:1].isdigit() else plain)[:80].rstrip("_")


def append(path, number):
    entry = {"persist_id": f"p-{number}", "slug": f"slug_{number}", "timestamp": "2026-04-15T07:09:19+00:00"}
    with open(path, "a+", encoding="utf-8") as handle:
        fcntl.flock(handle.fileno(), fcntl.LOCK_EX)
        handle.seek(0)
        entry["audit_entry_id"] = sum(1 for _ in handle) + 1
        handle.write(json.dumps(entry, ensure_ascii=False) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
        fcntl.flock(handle.fileno(), fcntl.LOCK_UN)


def main():
    for line in sys.stdin:
        request = json.loads(line)
        begun = time.perf_counter()
        if "slugs" in request:
            for name in request["slugs"]:
                slug(name)
        elif "scan" in request:
            for pattern in PATTERNS:
                for _ in pattern.finditer(request["scan"]):
                    pass
        elif "append" in request:
            for number in range(request["count"]):
                append(request["append"], number)
        else:
            with open(request["verify"], encoding="utf-8") as handle:
                for entry in handle:
                    json.loads(entry)
        print(json.dumps({"seconds": time.perf_counter() - begun}), flush=True)


main()
