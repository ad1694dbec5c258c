from django.db import models


class Note(models.Model):
    text = models.CharField(max_length=20)
    made = models.DateTimeField(auto_now_add=True)
    slug = models.SlugField(blank=True)
    data = models.JSONField(default=dict, blank=True)
