/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-demo-private.h"

#include <string.h>

#include "value/heddle-json.h"

#define NAME "(\\p{Lu}[\\w'’-]*(?:\\s+\\p{Lu}[\\w'’-]*){0,2})"
#define REST "([^.,;:!?\\n]{2,80}?)(?=\\s+(?:and|but|because|so|since|now|und|aber|weil)\\b|[.,;:!?\\n]|$)"
/* What a person says of themselves, and how that is noted of them. */
#define VERBS "live in|moved to|work at|work for|work as|prefer|like|love|use|need|want|own|study|speak|come from|wohne in|arbeite bei|mag|brauche"

typedef struct
{
  const char *said;
  const char *predicate;
  const char *kind; /* of the object; NULL: a text */
} Verb;

static const Verb verbs[] = {
  { "live in", "lives in", "place" },
  { "moved to", "lives in", "place" },
  { "wohne in", "lives in", "place" },
  { "come from", "comes from", "place" },
  { "work at", "works at", "organisation" },
  { "work for", "works at", "organisation" },
  { "arbeite bei", "works at", "organisation" },
  { "work as", "works as", NULL },
  { "prefer", "prefers", NULL },
  { "like", "likes", NULL },
  { "mag", "likes", NULL },
  { "love", "likes", NULL },
  { "use", "uses", "product" },
  { "need", "needs", NULL },
  { "brauche", "needs", NULL },
  { "want", "wants", NULL },
  { "own", "owns", NULL },
  { "study", "studies", NULL },
  { "speak", "speaks", NULL },
};

/* What is found, and who it is about. */
typedef struct
{
  JsonArray *entities;
  JsonArray *facts;
  JsonArray *revoked;
  char *speaker;
} Notes;

typedef void (*Note) (Notes *notes, GMatchInfo *match);

static void
for_each (Notes *notes,
          const char *text,
          const char *pattern,
          GRegexCompileFlags flags,
          Note note)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, flags, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_regex_match (regex, text, 0, &match);
  while (g_match_info_matches (match))
    {
      note (notes, match);
      g_match_info_next (match, NULL);
    }
}

static void
add_entity (Notes *notes,
            const char *name,
            const char *kind)
{
  JsonObject *entity = json_object_new ();

  json_object_set_string_member (entity, "name", name);
  json_object_set_string_member (entity, "kind", kind);
  json_object_set_array_member (entity, "aliases", json_array_new ());
  json_object_set_array_member (entity, "properties", json_array_new ());
  json_array_add_object_element (notes->entities, entity);
}

static JsonObject *
claim_new (const char *subject,
           const char *predicate,
           const char *object)
{
  JsonObject *claim = json_object_new ();

  json_object_set_string_member (claim, "subject", subject);
  json_object_set_string_member (claim, "predicate", predicate);
  json_object_set_string_member (claim, "object", object);
  return claim;
}

static void
add_fact (Notes *notes,
          const char *subject,
          const char *predicate,
          const char *object)
{
  JsonObject *fact = claim_new (subject, predicate, object);

  json_object_set_double_member (fact, "confidence", 0.9);
  json_object_set_boolean_member (fact, "replaces", FALSE);
  json_array_add_object_element (notes->facts, fact);
}

static void
note_name (Notes *notes,
           GMatchInfo *match)
{
  g_autofree char *name = g_match_info_fetch (match, 1);

  g_free (notes->speaker);
  notes->speaker = g_strdup (name);
  add_entity (notes, name, "person");
  add_fact (notes, name, "name", name);
}

/* "order 1042", "Rechnung Nr. 7" */
static void
note_number (Notes *notes,
             GMatchInfo *match)
{
  g_autofree char *word = g_match_info_fetch (match, 1);
  g_autofree char *number = g_match_info_fetch (match, 2);
  g_autofree char *what = g_utf8_strdown (word, -1);

  add_fact (notes, notes->speaker, what, number);
}

/* "my favourite colour is green"; names and numbers have been noted. */
static void
note_property (Notes *notes,
               GMatchInfo *match)
{
  g_autofree char *what = g_match_info_fetch (match, 1);
  g_autofree char *value = g_match_info_fetch (match, 2);

  if (!g_regex_match_simple ("\\bname\\b|\\d", what, G_REGEX_CASELESS, 0))
    add_fact (notes, notes->speaker, what, value);
}

static const Verb *
find_verb (const char *said)
{
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      if (g_ascii_strcasecmp (verbs[i].said, said) == 0)
        return &verbs[i];
    }
  return NULL;
}

static void
note_verb (Notes *notes,
           GMatchInfo *match)
{
  g_autofree char *said = g_match_info_fetch (match, 1);
  g_autofree char *object = g_match_info_fetch (match, 2);
  const Verb *verb = find_verb (said);

  if (verb == NULL)
    return;
  if (verb->kind != NULL && g_unichar_isupper (g_utf8_get_char (object)))
    add_entity (notes, object, verb->kind);
  add_fact (notes, notes->speaker, verb->predicate, object);
}

static void
note_revoked (Notes *notes,
              GMatchInfo *match)
{
  g_autofree char *said = g_match_info_fetch (match, 1);
  g_autofree char *rest = g_match_info_fetch (match, 2);
  g_autoptr (GRegex) end = g_regex_new ("\\s+(?:any ?more|any longer|mehr)$", G_REGEX_CASELESS, 0, NULL);
  g_autofree char *object = g_regex_replace_literal (end, rest, -1, 0, "", 0, NULL);
  const Verb *verb = find_verb (said);

  if (verb != NULL)
    json_array_add_object_element (notes->revoked, claim_new (notes->speaker, verb->predicate, object));
}

/* Who is spoken with is known from before when one person is. */
static char *
find_speaker (const char *known)
{
  g_autoptr (GRegex) regex = g_regex_new ("^- \"([^\"\\n]+)\" \\(person\\)", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  return g_regex_match (regex, known, 0, &match) ? g_match_info_fetch (match, 1) : g_strdup ("user");
}

/* The JSON string behind title at the beginning of a line. */
static char *
read_part (const char *prompt,
           const char *title)
{
  g_auto (GStrv) lines = g_strsplit (prompt, "\n", -1);
  gsize length = strlen (title);

  for (char **line = lines; *line != NULL; line++)
    {
      g_autoptr (JsonNode) text = NULL;

      if (!g_str_has_prefix (*line, title))
        continue;
      text = heddle_json_parse (*line + length, -1, NULL);
      if (heddle_json_is_string (text))
        return g_strdup (json_node_get_string (text));
    }
  return g_strdup ("");
}

gboolean
heddle_demo_wants_memory (JsonNode *schema)
{
  return g_strcmp0 (heddle_json_get_string (schema, "title", NULL), "memory") == 0;
}

char *
heddle_demo_remember (const char *prompt)
{
  g_autofree char *known = read_part (prompt, "Known facts: ");
  g_autofree char *said = read_part (prompt, "User: ");
  Notes notes = { json_array_new (), json_array_new (), json_array_new (), find_speaker (known) };
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) root = NULL;

  for_each (&notes, said, "\\b(?i:my name is|i am called|call me|i am|i'm|ich hei(?:ß|ss)e|mein name ist|ich bin)\\s+" NAME, 0, note_name);
  for_each (&notes, said, "\\b(order|invoice|ticket|account|customer|contract|booking|bestellung|rechnung|kunde)(?:\\s+(?:number|no\\.?|nr\\.?|nummer|id))?\\s*(?:is\\s+|ist\\s+)?#?\\s*([a-z]{0,4}-?\\d[\\w-]*)",
            G_REGEX_CASELESS, note_number);
  for_each (&notes, said, "\\bmy\\s+((?:\\w+\\s+){0,2}\\w+)\\s+(?:is|are)\\s+(?:now\\s+)?(?!not\\b)" REST, G_REGEX_CASELESS, note_property);
  for_each (&notes, said, "\\b(?:i|ich)\\s+(?:have\\s+|now\\s+|also\\s+|always\\s+|just\\s+)?(" VERBS ")\\s+" REST, G_REGEX_CASELESS, note_verb);
  for_each (&notes, said, "\\bi\\s+(?:no longer|don't|do not)\\s+(" VERBS ")\\s+" REST, G_REGEX_CASELESS, note_revoked);
  json_object_set_array_member (object, "entities", notes.entities);
  json_object_set_array_member (object, "facts", notes.facts);
  json_object_set_array_member (object, "revoked", notes.revoked);
  g_free (notes.speaker);
  root = heddle_json_object (object);
  return heddle_json_to_text (root, HEDDLE_JSON_COMPACT);
}
