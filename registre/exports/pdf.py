EXTENSION = "pdf"
TYPE_MIME = "application/pdf"
