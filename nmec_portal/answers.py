"""What is answered to an upload that never reached its view, in the words of a page and in the script's JSON."""

from django.conf import settings

# who cut the work short does not know whether it was done: the same picture sent again is refused as a duplicate
TRY_LATER = "storage_unavailable", "系统暂时繁忙，这次上传可能没有保存。请稍后刷新页面核对，缺少的重新上传。"

TOO_MANY = "现在使用的人太多，这张图片没有保存。请过半分钟点“重试”。"  # refused before it was looked at


def too_large() -> str:
    limit = settings.MAX_BODY // (1024 * 1024)
    return f"一次发送的内容超过 {limit} MB。请分几次上传，每张图片不超过 200 KB。"


def for_script(code: str, sentence: str) -> dict[str, list]:
    """Return the JSON of the upload address where the whole request is meant."""
    return {"images": [], "errors": [{"file": None, "code": code, "message": sentence}]}
