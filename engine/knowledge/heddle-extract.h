/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define HEDDLE_EXTRACT_MAX_BYTES (64 * 1024 * 1024)

typedef enum
{
  HEDDLE_FORMAT_UNSUPPORTED,
  HEDDLE_FORMAT_PLAIN,
  HEDDLE_FORMAT_MARKDOWN,
  HEDDLE_FORMAT_HTML,
  HEDDLE_FORMAT_PDF,
} HeddleFormat;

/* One heading or paragraph: a range of the text. Blocks are in order and never overlap. */
typedef struct
{
  gsize start; /* bytes */
  gsize end;
  guint level;   /* 0: a paragraph; 1 to 6: a heading */
  guint page;    /* from 1; 0: has no pages */
  char *heading; /* a heading's words without markup; else NULL */
} HeddleBlock;

/* What was read from one document, whatever its format: valid UTF-8 and its structure. */
typedef struct
{
  char *title; /* the document's own; NULL when it has none */
  char *text;
  GArray *blocks; /* of HeddleBlock */
} HeddleExtract;

HeddleExtract *heddle_extract_new (char *text) G_GNUC_WARN_UNUSED_RESULT; /* takes text */
void heddle_extract_free (HeddleExtract *self);
/* Ranges without a visible character are left out. heading is taken; level 0 goes with NULL. */
void heddle_extract_add_block (HeddleExtract *self, gsize start, gsize end, guint level, guint page, char *heading);
/* Blocks between blank lines from start to end. */
void heddle_extract_add_paragraphs (HeddleExtract *self, gsize start, gsize end, guint page);

/* By the name's ending, "%PDF-" and, for names without a known ending, whether it reads as text. */
HeddleFormat heddle_format_guess (const char *name, const char *data, gsize length);
/* "text/plain", "text/markdown", "text/html", "application/pdf"; NULL for UNSUPPORTED. */
const char *heddle_format_get_mime (HeddleFormat format);
HeddleFormat heddle_format_from_mime (const char *mime);

/*
 * Bytes of unknown charset as valid UTF-8 without byte order mark: BOM, then UTF-8, UTF-16 by its
 * zero bytes, declared (may be NULL), then windows-1252. NULL with HEDDLE_ERROR_INVALID for binary data.
 */
char *heddle_charset_decode (const char *data, gsize length, const char *declared, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The charset named in the first kilobyte of an HTML page, or NULL. */
char *heddle_charset_sniff_html (const char *data, gsize length) G_GNUC_WARN_UNUSED_RESULT;

HeddleExtract *heddle_extract_plain (const char *data, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
HeddleExtract *heddle_extract_markdown (const char *data, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
HeddleExtract *heddle_extract_html (const char *data, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In a process of its own, whose crash, hang or flood is an error of this file only. Blocks. */
HeddleExtract *heddle_extract_pdf (const char *path, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One of the first three; data of other formats is HEDDLE_ERROR_INVALID. */
HeddleExtract *heddle_extract_data (HeddleFormat format, const char *data, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleExtract, heddle_extract_free)

G_END_DECLS
