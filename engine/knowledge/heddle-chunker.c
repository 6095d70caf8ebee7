/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-chunker.h"

#include <string.h>

#define WORD_TOKENS 1.3
#define LONG_WORD 12
#define CHARACTERS_PER_TOKEN 4.0
/* Pieces smaller than this are not worth a cut; it also bounds how many there are. */
#define MIN_PIECE_TOKENS 8.0
#define MAX_HEADING_LEVEL 6

/* Where a text may be cut, from best to worst. */
typedef enum
{
  CUT_SENTENCE,
  CUT_LINE,
  CUT_WORD,
  CUT_CHARACTER,
} Cut;

/* The smallest range that is never cut. */
typedef struct
{
  gsize start; /* bytes */
  gsize end;
  double tokens;
  guint page;
  gboolean ends_paragraph;
} Piece;

typedef struct
{
  const HeddleExtract *extract;
  GPtrArray *chunks;
  double budget;
  GArray *pieces; /* of the section */
  char *path[MAX_HEADING_LEVEL + 1];
  const HeddleBlock *pending; /* a heading that has nothing below it yet */
  gsize known_bytes;          /* a position and how many characters lie before it */
  glong known_characters;
} Chunker;

static void
chunk_free (HeddleChunk *chunk)
{
  if (chunk == NULL)
    return;
  g_free (chunk->heading);
  g_free (chunk->text);
  g_free (chunk);
}

static double
count_word (gsize n_characters)
{
  if (n_characters == 0)
    return 0;
  return n_characters <= LONG_WORD ? WORD_TOKENS : n_characters / CHARACTERS_PER_TOKEN;
}

double
heddle_count_tokens (const char *text,
                     gsize length)
{
  const char *end = text + length;
  gsize word = 0;
  double tokens = 0;

  for (const char *p = text; p < end; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean is_wide = g_unichar_iswide (c);

      if (!is_wide && !g_unichar_isspace (c))
        {
          word++;
          continue;
        }
      tokens += count_word (word) + (is_wide ? 1 : 0);
      word = 0;
    }
  return tokens + count_word (word);
}

static gboolean
is_sentence_end (gunichar c)
{
  return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xff01 || c == 0xff1f;
}

/* Whether a text may be cut between the character before p and the one at p. */
static gboolean
is_cut (const char *start,
        const char *p,
        Cut cut)
{
  gunichar before = g_utf8_get_char (g_utf8_find_prev_char (start, p));
  gunichar after = g_utf8_get_char (p);

  switch (cut)
    {
    case CUT_SENTENCE:
      return is_sentence_end (before) && (g_unichar_isspace (after) || before >= 0x3000);
    case CUT_LINE:
      return before == '\n';
    case CUT_WORD:
      return g_unichar_isspace (before) && !g_unichar_isspace (after);
    case CUT_CHARACTER:
    default:
      return TRUE;
    }
}

/* The end of the piece at start: the first cut behind which it is large enough. */
static const char *
find_piece_end (const char *start,
                const char *end,
                Cut cut,
                double *tokens)
{
  const char *counted = start;

  *tokens = 0;
  for (const char *p = g_utf8_next_char (start); p < end; p = g_utf8_next_char (p))
    {
      if (cut == CUT_CHARACTER && p - start < MIN_PIECE_TOKENS * CHARACTERS_PER_TOKEN)
        continue;
      if (!is_cut (start, p, cut))
        continue;
      *tokens += heddle_count_tokens (counted, p - counted);
      counted = p;
      if (*tokens >= MIN_PIECE_TOKENS || cut == CUT_CHARACTER)
        return p;
    }
  *tokens += heddle_count_tokens (counted, end - counted);
  return end;
}

/* Recursive only to a finer kind of cut. */
static void
add_pieces (Chunker *self,
            const char *start,
            const char *end,
            guint page,
            Cut cut)
{
  while (start < end)
    {
      double tokens;
      const char *stop = find_piece_end (start, end, cut, &tokens);
      const char *text = self->extract->text;

      if (tokens > self->budget / 2 && cut < CUT_CHARACTER)
        add_pieces (self, start, stop, page, cut + 1);
      else
        g_array_append_vals (self->pieces, &(Piece){ start - text, stop - text, tokens, page, FALSE }, 1);
      start = stop;
    }
}

static void
add_paragraph (Chunker *self,
               const HeddleBlock *block)
{
  const char *text = self->extract->text;

  add_pieces (self, text + block->start, text + block->end, block->page, CUT_SENTENCE);
  if (self->pieces->len > 0)
    g_array_index (self->pieces, Piece, self->pieces->len - 1).ends_paragraph = TRUE;
}

static char *
dup_path (Chunker *self)
{
  g_autoptr (GString) path = g_string_new (NULL);

  for (guint i = 1; i <= MAX_HEADING_LEVEL; i++)
    {
      if (self->path[i] != NULL && *self->path[i] != '\0')
        g_string_append_printf (path, "%s%s", path->len > 0 ? " > " : "", self->path[i]);
    }
  return g_strdup (path->str);
}

/* Mostly called with growing positions, so that the whole text is counted about once. */
static glong
count_characters (Chunker *self,
                  gsize bytes)
{
  const char *text = self->extract->text;

  self->known_characters += bytes >= self->known_bytes
                              ? g_utf8_strlen (text + self->known_bytes, bytes - self->known_bytes)
                              : -g_utf8_strlen (text + bytes, self->known_bytes - bytes);
  self->known_bytes = bytes;
  return self->known_characters;
}

/* From start to end, of which what lies before fresh is repeated; nothing when there is only that. */
static void
emit (Chunker *self,
      gsize start,
      gsize fresh,
      gsize end,
      guint page)
{
  const char *text = self->extract->text;
  HeddleChunk *chunk;

  while (start < end && g_ascii_isspace (text[start]))
    start++;
  while (fresh < end && g_ascii_isspace (text[end - 1]))
    end--;
  if (fresh == end)
    return;
  chunk = g_new0 (HeddleChunk, 1);
  chunk->heading = dup_path (self);
  chunk->text = g_strndup (text + start, end - start);
  chunk->start = count_characters (self, start);
  chunk->end = count_characters (self, end);
  chunk->page = page;
  g_ptr_array_add (self->chunks, chunk);
}

/* The first piece to repeat before the one given, and how much that is. */
static guint
find_overlap (GArray *pieces,
              guint first,
              double *tokens)
{
  guint begin = first;

  *tokens = 0;
  while (begin > 0 && *tokens + g_array_index (pieces, Piece, begin - 1).tokens <= HEDDLE_CHUNK_OVERLAP)
    *tokens += g_array_index (pieces, Piece, --begin).tokens;
  return begin;
}

/* The last piece of the chunk that begins with first: where the budget ends, or a paragraph not long before. */
static guint
find_last (GArray *pieces,
           guint first,
           double tokens,
           double budget)
{
  guint last = first;
  guint paragraph = G_MAXUINT;

  for (guint i = first; i < pieces->len; i++)
    {
      Piece *piece = &g_array_index (pieces, Piece, i);

      if (i > first && tokens + piece->tokens > budget)
        return paragraph != G_MAXUINT ? paragraph : last;
      tokens += piece->tokens;
      last = i;
      if (piece->ends_paragraph && tokens >= budget / 2)
        paragraph = i;
    }
  return last;
}

/* Makes chunks of the pieces of one section. */
static void
end_section (Chunker *self)
{
  g_autofree char *path = dup_path (self);
  double prefix = heddle_count_tokens (path, strlen (path));
  double budget = MAX (self->budget - prefix, self->budget / 2);

  for (guint first = 0; first < self->pieces->len;)
    {
      double overlap;
      guint begin = find_overlap (self->pieces, first, &overlap);
      guint last = find_last (self->pieces, first, overlap, budget);
      Piece *piece = &g_array_index (self->pieces, Piece, first);

      emit (self, g_array_index (self->pieces, Piece, begin).start, piece->start,
            g_array_index (self->pieces, Piece, last).end, piece->page);
      first = last + 1;
    }
  g_array_set_size (self->pieces, 0);
}

/* A heading with nothing below it is a passage of its own; else its words would be lost. */
static void
end_heading (Chunker *self,
             guint next_level)
{
  const HeddleBlock *heading = self->pending;

  if (heading != NULL && next_level <= heading->level)
    emit (self, heading->start, heading->start, heading->end, heading->page);
  self->pending = NULL;
}

static void
begin_section (Chunker *self,
               const HeddleBlock *heading)
{
  guint level = MIN (heading->level, MAX_HEADING_LEVEL);

  end_section (self);
  end_heading (self, level);
  for (guint i = level; i <= MAX_HEADING_LEVEL; i++)
    g_clear_pointer (&self->path[i], g_free);
  self->path[level] = g_strdup (heading->heading);
  self->pending = heading;
}

GPtrArray *
heddle_chunk_extract (const HeddleExtract *extract,
                      double budget)
{
  Chunker self = { .extract = extract, .budget = budget };

  g_return_val_if_fail (extract != NULL && budget > 0, NULL);

  self.chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) chunk_free);
  self.pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  for (guint i = 0; i < extract->blocks->len; i++)
    {
      const HeddleBlock *block = &g_array_index (extract->blocks, HeddleBlock, i);

      if (block->level > 0)
        {
          begin_section (&self, block);
          continue;
        }
      self.pending = NULL;
      add_paragraph (&self, block);
    }
  end_section (&self);
  end_heading (&self, 0);
  for (guint i = 0; i <= MAX_HEADING_LEVEL; i++)
    g_free (self.path[i]);
  g_array_unref (self.pieces);
  return self.chunks;
}
