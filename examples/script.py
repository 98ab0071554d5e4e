"""A plain script: queue work, do it, look at what became of it. No server, nothing to set up.

Run it with: python examples/script.py
"""

import holdfast
from holdfast import Dead, Delivered
from holdfast.engine import views

hf = holdfast.connect()


@hf.task(queue="thumbnails", max_attempts=3)
def make_thumbnail(picture: str):
    if not picture.endswith(".png"):
        return Dead(f"{picture} is no picture")
    return Delivered(f"{picture} is small now")


if __name__ == "__main__":
    pictures = ["cat.png", "dog.png", "notes.txt"]
    hf.sync.send_many([make_thumbnail.job(picture) for picture in pictures])  # all or none
    print(hf.sync.work(until_idle=True), "jobs handled")
    for job in hf.sync.run(views.job_list({"queue": "thumbnails"}, limit=3)):
        print(f"{job['state']}: {job['because']}")
    hf.sync.close()
