"""What wangge sends out: group messages to DingTalk and WeCom. Nothing is sent yet."""
