// Lines that submit a model over the API, to be copied: in Python with requests, and with curl. A test runs them.

/** The program of the page: a model file's name as its argument; waits for the score. */
export const pythonSnippet = (url: string, challenge: string) => `import os
import sys
import time
import uuid

import requests

site = "${url}"
session = requests.Session()
session.headers["Authorization"] = f"Bearer {os.environ['GAUNTLET_TOKEN']}"


def answer(response):
    """The JSON of an answer; stops with what a refusal says."""
    body = response.json()
    if not response.ok:
        problem = body.get("problem") or {"found": body["error"]["message"]}
        sys.exit("\\n".join(problem[part] for part in ("found", "wanted", "fix", "snippet") if part in problem))
    return body


# 1. Upload: the fields before the file. A draft costs no quota.
with open(sys.argv[1], "rb") as model:
    draft = answer(session.post(f"{site}/api/v1/drafts", data={"challenge": "${challenge}"}, files={"files": model}))
print(*draft["report"]["notes"], sep="\\n")

# 2. Submit. The key makes it safe to send this again after a lost connection.
submission = answer(session.post(
    f"{site}/api/v1/submissions",
    json={"draftId": draft["id"], "name": "from Python"},
    headers={"Idempotency-Key": str(uuid.uuid4())},
))
print(site + submission["url"])

# 3. Wait for the score.
while True:
    state = answer(session.get(f"{site}/api/v1/submissions/{submission['submissionId']}"))
    if state["status"] not in ("queued", "running"):
        break
    time.sleep(2)
print(state["status"], {name: state["score"][name] for name in ("mixed", "clean")} if state["score"] else state["failure"])
`;

export const curlSnippet = (url: string, challenge: string) => `curl -s -H "Authorization: Bearer $GAUNTLET_TOKEN" -F challenge=${challenge} -F files=@model.onnx ${url}/api/v1/drafts
curl -s -H "Authorization: Bearer $GAUNTLET_TOKEN" -H "Content-Type: application/json" -H "Idempotency-Key: $(uuidgen)" \\
  -d '{"draftId": "DRAFT", "name": "from curl"}' ${url}/api/v1/submissions
curl -s -H "Authorization: Bearer $GAUNTLET_TOKEN" ${url}/api/v1/submissions/SUBMISSION
`;
