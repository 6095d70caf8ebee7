/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/heddle-find-match.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define BEFORE 24 /* characters of the text around a match */
#define AFTER 72
#define MAX_TEXT (256 * 1024) /* bytes that are looked at of an output */

struct _HeddleFindMatch
{
  GObject parent_instance;

  char *id;
  char *title;
  char *field;
  char *param;
  char *markup;
};

struct _HeddleFindNeedle
{
  gunichar *characters; /* in lower case */
  glong n_characters;
};

G_DEFINE_FINAL_TYPE (HeddleFindMatch, heddle_find_match, G_TYPE_OBJECT)

/* Where the matches of one thing go. */
typedef struct
{
  const HeddleFindNeedle *needle;
  const char *id;
  const char *title;
  GPtrArray *matches;
} Search;

HeddleFindNeedle *
heddle_find_needle_new (const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  HeddleFindNeedle *self;

  if (*stripped == '\0' || !g_utf8_validate (stripped, -1, NULL))
    return NULL;
  self = g_new0 (HeddleFindNeedle, 1);
  self->characters = g_utf8_to_ucs4_fast (stripped, -1, &self->n_characters);
  for (glong i = 0; i < self->n_characters; i++)
    self->characters[i] = g_unichar_tolower (self->characters[i]);
  return self;
}

void
heddle_find_needle_free (HeddleFindNeedle *self)
{
  g_free (self->characters);
  g_free (self);
}

/* How long it is here; 0: it is not here. */
static gsize
measure_here (const HeddleFindNeedle *self,
              const char *text)
{
  const char *at = text;

  for (glong i = 0; i < self->n_characters; i++)
    {
      if (*at == '\0' || g_unichar_tolower (g_utf8_get_char (at)) != self->characters[i])
        return 0;
      at = g_utf8_next_char (at);
    }
  return at - text;
}

gssize
heddle_find_needle_locate (const HeddleFindNeedle *self,
                           const char *text,
                           gsize *length)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      *length = measure_here (self, at);
      if (*length > 0)
        return at - text;
    }
  return -1;
}

static char *
dup_line (const char *begin,
          const char *end)
{
  g_autofree char *line = g_strndup (begin, end - begin);

  return g_markup_escape_text (g_strdelimit (line, "\r\n\t", ' '), -1);
}

static char *
make_markup (const char *text,
             gssize offset,
             gsize length)
{
  const char *match = text + offset, *end = match + length;
  const char *begin = match, *stop = end;
  g_autofree char *before = NULL, *within = NULL, *after = NULL;

  for (int i = 0; i < BEFORE && begin > text; i++)
    begin = g_utf8_prev_char (begin);
  for (int i = 0; i < AFTER && *stop != '\0'; i++)
    stop = g_utf8_next_char (stop);
  before = dup_line (begin, match);
  within = dup_line (match, end);
  after = dup_line (end, stop);
  return g_strdup_printf ("%s%s<b>%s</b>%s%s", begin > text ? "…" : "", before, within, after, *stop != '\0' ? "…" : "");
}

static void
try_text (const Search *search,
          const char *text,
          const char *field,
          const char *param)
{
  HeddleFindMatch *match;
  gsize length;
  gssize offset = text != NULL ? heddle_find_needle_locate (search->needle, text, &length) : -1;

  if (offset < 0)
    return;
  match = g_object_new (HEDDLE_TYPE_FIND_MATCH, NULL);
  match->id = g_strdup (search->id);
  match->title = g_strdup (search->title);
  match->field = g_strdup (field);
  match->param = g_strdup (param);
  match->markup = make_markup (text, offset, length);
  g_ptr_array_add (search->matches, match);
}

static const char *
get_param_title (const HeddleNode *node,
                 const char *name)
{
  const HeddleParamSpec *spec = node->type != NULL ? heddle_node_type_find_param (node->type, name) : NULL;

  return spec != NULL ? _ (spec->title) : name;
}

/* A text as it is, anything else as people write it. */
static void
try_params (const Search *search,
            const HeddleNode *node)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (node->params == NULL)
    return;
  json_object_iter_init (&iter, node->params);
  while (json_object_iter_next (&iter, &name, &value))
    {
      g_autofree char *text = heddle_json_to_display (value);

      try_text (search, text, get_param_title (node, name), name);
    }
}

/* Where nothing was written, a card shows the text that its type begins with. */
static void
try_default (const Search *search,
             const HeddleNode *node)
{
  const char *name = heddle_node_get_text_param (node);
  g_autoptr (JsonNode) value = NULL;

  if (name == NULL || (node->params != NULL && json_object_has_member (node->params, name)))
    return;
  value = heddle_params_dup_value (node->type, NULL, name);
  if (heddle_json_is_string (value))
    try_text (search, json_node_get_string (value), get_param_title (node, name), name);
}

static void
try_result (const Search *search,
            HeddleTrace *trace)
{
  HeddleSpan *span = heddle_trace_find_node (trace, search->id);
  JsonNode *output = span != NULL ? heddle_json_member (heddle_span_get_attribute (span, "result"), "output") : NULL;
  const GError *error = span != NULL ? heddle_span_get_error (span) : NULL;
  g_autofree char *text = NULL;

  if (error != NULL)
    try_text (search, error->message, _ ("Error of the run"), NULL);
  if (output == NULL)
    return;
  text = heddle_json_to_display (output);
  if (strlen (text) > MAX_TEXT)
    {
      char *end = g_utf8_find_prev_char (text, text + MAX_TEXT);

      *end = '\0';
    }
  try_text (search, text, _ ("Output of the run"), NULL);
}

void
heddle_find_in_node (const HeddleFindNeedle *needle,
                     const HeddleNode *node,
                     HeddleTrace *trace,
                     GPtrArray *matches)
{
  const Search search = { needle, node->id, heddle_node_get_title (node), matches };

  g_return_if_fail (needle != NULL && matches != NULL);

  try_text (&search, heddle_node_get_title (node), _ ("Title"), NULL);
  if (strcmp (heddle_node_get_title (node), node->id) != 0)
    try_text (&search, node->id, _ ("Name"), NULL);
  if (node->type != NULL && strcmp (_ (node->type->title), heddle_node_get_title (node)) != 0)
    try_text (&search, _ (node->type->title), _ ("Type"), NULL);
  try_params (&search, node);
  try_default (&search, node);
  if (trace != NULL)
    try_result (&search, trace);
}

void
heddle_find_in_annotation (const HeddleFindNeedle *needle,
                           const HeddleAnnotation *annotation,
                           GPtrArray *matches)
{
  const char *kind = annotation->kind == HEDDLE_ANNOTATION_NOTE ? _ ("Note") : _ ("Group");
  const Search search = { needle, annotation->id, kind, matches };

  g_return_if_fail (needle != NULL && matches != NULL);

  try_text (&search, annotation->text, _ ("Text"), NULL);
}

const char *
heddle_find_match_get_id (HeddleFindMatch *self)
{
  g_return_val_if_fail (HEDDLE_IS_FIND_MATCH (self), NULL);

  return self->id;
}

const char *
heddle_find_match_get_title (HeddleFindMatch *self)
{
  g_return_val_if_fail (HEDDLE_IS_FIND_MATCH (self), NULL);

  return self->title;
}

const char *
heddle_find_match_get_field (HeddleFindMatch *self)
{
  g_return_val_if_fail (HEDDLE_IS_FIND_MATCH (self), NULL);

  return self->field;
}

const char *
heddle_find_match_get_param (HeddleFindMatch *self)
{
  g_return_val_if_fail (HEDDLE_IS_FIND_MATCH (self), NULL);

  return self->param;
}

const char *
heddle_find_match_get_markup (HeddleFindMatch *self)
{
  g_return_val_if_fail (HEDDLE_IS_FIND_MATCH (self), NULL);

  return self->markup;
}

static void
heddle_find_match_finalize (GObject *object)
{
  HeddleFindMatch *self = HEDDLE_FIND_MATCH (object);

  g_free (self->id);
  g_free (self->title);
  g_free (self->field);
  g_free (self->param);
  g_free (self->markup);
  G_OBJECT_CLASS (heddle_find_match_parent_class)->finalize (object);
}

static void
heddle_find_match_class_init (HeddleFindMatchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_find_match_finalize;
}

static void
heddle_find_match_init (HeddleFindMatch *self)
{
}
