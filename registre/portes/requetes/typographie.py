"""La frontière des pages : tout HTML qui part est composé."""

from documents.typographie import composer_page


class TypographieMiddleware:
    """La frontière des pages : tout HTML qui part est composé."""

    def __init__(self, suite):
        self.suite = suite

    def __call__(self, request):
        reponse = self.suite(request)
        if not reponse.streaming and reponse.get("Content-Type", "").startswith("text/html"):
            reponse.content = composer_page(reponse.content.decode(reponse.charset))
        return reponse
