/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-demo-private.h"

#include "value/heddle-json.h"

#include <string.h>

#define MAX_DEPTH 16
#define MAX_ITEMS 50

#define EMAIL "[\\p{L}0-9._%+-]+@[\\p{L}0-9.-]+\\.\\p{L}{2,}"
#define URL "https?://[^\\s<>\"')\\]]+[^\\s<>\"')\\].,;:!?]"
#define MONTH "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
#define DATE                                                                                                                          \
  "\\b(?:\\d{4}-\\d{2}-\\d{2}|\\d{1,2}[./]\\d{1,2}[./]\\d{2,4}|\\d{1,2}(?:st|nd|rd|th|\\.)?\\s+" MONTH "\\.?(?:,?\\s+\\d{4})?|" MONTH \
  "\\.?\\s+\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s+\\d{4})?)\\b"
#define NUMBER "(?<![\\p{L}\\d.,-])-?\\d[\\d,]*(?:\\.\\d+)?(?!\\d|-\\d|[./]\\d)"
#define MONEY "(?:[$€£]\\s?\\d[\\d,]*(?:\\.\\d+)?|\\d[\\d,]*(?:\\.\\d+)?\\s?(?:[$€£]|(?:usd|eur|gbp|chf|dollars?|euros?|pounds?)\\b))"
#define PHONE "\\+?\\d[\\d ()/-]{6,}\\d"
#define IDENTIFIER "(?:#\\s?[\\p{L}\\d][\\p{L}\\d-]*|(?-i:\\b(?=[\\p{L}-]*\\d)[A-Z][A-Z\\d-]*\\d[A-Z\\d-]*\\b)|(?<![\\d,.$€£-])\\b\\d{3,}\\b(?![,.-]\\d))"

static char *
find_first (const char *pattern,
            const char *text,
            guint group)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_CASELESS | G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  return g_regex_match (regex, text, 0, &match) ? g_match_info_fetch (match, group) : NULL;
}

/* "orderNumber", "order_number" → "order number". */
static char *
split_title (const char *title)
{
  GString *words = g_string_new (NULL);

  for (const char *p = title; *p != '\0'; p++)
    {
      if (g_ascii_isupper (*p) && p > title && g_ascii_islower (p[-1]))
        g_string_append_c (words, ' ');
      g_string_append_c (words, *p == '_' || *p == '-' || *p == '.' ? ' ' : g_ascii_tolower (*p));
    }
  return g_string_free (words, FALSE);
}

static gboolean
says (const char *title,
      const char *pattern)
{
  return g_regex_match_simple (pattern, title, G_REGEX_CASELESS, 0);
}

/* "Order number: 1234" on a line of its own or in running text; a comma within a number does not end it. */
static char *
find_labelled (const char *title,
               const char *text)
{
  g_autofree char *escaped = g_regex_escape_string (title, -1);
  g_auto (GStrv) words = g_strsplit (escaped, " ", -1);
  g_autofree char *spaced = g_strjoinv ("[ _-]?", words);
  g_autofree char *pattern = g_strdup_printf ("(?:^|[\\s,;({])[\"*]*%s[\"*]*\\s*[:=]\\s*(?:\"([^\"\\n]+)\"|((?:[^\\n,;]|(?<=\\d),(?=\\d))+))", spaced);
  g_autofree char *quoted = find_first (pattern, text, 1);
  char *value;

  if (quoted != NULL && *quoted != '\0')
    return g_steal_pointer (&quoted);
  value = find_first (pattern, text, 2);
  if (value != NULL)
    {
      gsize length = strlen (g_strstrip (value));

      if (length > 0 && value[length - 1] == '.')
        value[length - 1] = '\0';
    }
  return value;
}

static char *
find_name (const char *text)
{
  const char *cues = "(?:\\bmy name is|\\bname is|\\bi am|\\bi'm|\\bthis is|\\bsigned,?|\\bregards,?|\\bfrom|\\bfor|\\bby|\\bcalled|\\bdear|\\bmr\\.?|\\bmrs\\.?|\\bms\\.?|\\bdr\\.?)\\s+"
                     "((?-i:\\p{Lu}[\\p{L}'-]+(?:\\s+\\p{Lu}[\\p{L}'-]+)*))";
  char *name = find_first (cues, text, 1);

  if (name == NULL)
    name = find_first ("((?-i:\\p{Lu}\\p{Ll}+\\s+\\p{Lu}\\p{Ll}+(?:\\s+\\p{Lu}\\p{Ll}+)?))", text, 1);
  return name;
}

static char *
find_by_kind (const char *title,
              const char *format,
              const char *text)
{
  if (g_strcmp0 (format, "email") == 0 || says (title, "\\be ?-?mail"))
    return find_first (EMAIL, text, 0);
  if (g_strcmp0 (format, "date") == 0 || g_strcmp0 (format, "date-time") == 0 || says (title, "\\b(date|day|when|deadline|due|birthday)\\b"))
    return find_first (DATE, text, 0);
  if (g_strcmp0 (format, "uri") == 0 || says (title, "\\b(url|link|website|homepage)\\b"))
    return find_first (URL, text, 0);
  if (says (title, "\\b(phone|telephone|mobile|tel|fax)\\b"))
    return find_first (PHONE, text, 0);
  if (says (title, "\\b(amount|price|total|cost|fee|sum|payment)\\b"))
    return find_first (MONEY, text, 0);
  if (says (title, "\\bcurrency\\b"))
    return find_first ("\\$|€|£|\\b(?:usd|eur|gbp|chf|dollars?|euros?|pounds?)\\b", text, 0);
  if (says (title, "\\b(id|number|no|reference|ref|code|ticket|sku|serial)\\b"))
    return find_first (IDENTIFIER, text, 0);
  if (says (title, "\\b(name|person|customer|author|sender|contact|client|user)\\b"))
    return find_name (text);
  return NULL;
}

static char *
answer_freely (const char *title,
               const char *text)
{
  if (says (title, "\\blanguage\\b"))
    return g_strdup (heddle_demo_detect_language (text));
  if (says (title, "\\bsentiment|mood|tone\\b"))
    {
      int balance = heddle_demo_sentiment (text);

      return g_strdup (balance > 0 ? "positive" : balance < 0 ? "negative"
                                                              : "neutral");
    }
  if (says (title, "\\b(summary|description|abstract|answer|text|content|message|issue|problem|reason|request|explanation|response|reply|title|subject|headline|question|complaint|note|details?)\\b"))
    return heddle_demo_summarise (text, "");
  return NULL;
}

/* "the city Paris", "city is Paris", "in the city of Paris": what follows the field's word. */
static char *
find_following (const char *title,
                const char *text)
{
  const char *last = strrchr (title, ' ');
  g_autofree char *escaped = g_regex_escape_string (last == NULL ? title : last + 1, -1);
  g_autofree char *pattern = g_strdup_printf ("\\b%s(?:\\s+(?:is|was|of|named|called))?\\s+((?-i:[\\p{Lu}\\d][\\p{L}\\d.'-]*(?:\\s+\\p{Lu}[\\p{L}\\d'-]*)*))", escaped);
  char *value = find_first (pattern, text, 1);

  if (value != NULL && g_str_has_suffix (value, "."))
    value[strlen (value) - 1] = '\0';
  return value;
}

static char *
find_string (const char *title,
             const char *format,
             const char *text)
{
  char *value = find_labelled (title, text);

  if (value == NULL)
    value = find_by_kind (title, format, text);
  if (value == NULL)
    value = find_following (title, text);
  if (value == NULL)
    value = answer_freely (title, text);
  return value;
}

static gboolean
parse_number (const char *text,
              double *number)
{
  g_autofree char *found = find_first ("-?\\d[\\d,]*(?:\\.\\d+)?", text, 0);
  g_auto (GStrv) parts = NULL;
  g_autofree char *plain = NULL;

  if (found == NULL)
    return FALSE;
  /* A comma before exactly two last digits is a decimal comma, others group digits. */
  if (strchr (found, '.') == NULL && strlen (found) > 3 && found[strlen (found) - 3] == ',')
    found[strlen (found) - 3] = '.';
  parts = g_strsplit (found, ",", -1);
  plain = g_strjoinv ("", parts);
  *number = g_ascii_strtod (plain, NULL);
  return TRUE;
}

static char *
find_number_near (const char *title,
                  const char *text)
{
  g_auto (GStrv) words = g_strsplit (title, " ", -1);

  for (char **word = words; *word != NULL; word++)
    {
      g_autofree char *stem = heddle_demo_stem (*word);
      g_autofree char *escaped = g_regex_escape_string (stem, -1);
      g_autofree char *before = g_strdup_printf ("(" NUMBER ")\\s+(?:\\w+\\s+)?%s", escaped);
      g_autofree char *after = g_strdup_printf ("\\b%s\\w*\\W{1,3}(?:(?:is|was|of|are|:|=|to|about)\\s+)*[$€£#]?\\s*(" NUMBER ")", escaped);
      char *number;

      if (strlen (stem) < 3 || heddle_demo_is_common (stem))
        continue;
      number = find_first (after, text, 1);
      if (number == NULL)
        number = find_first (before, text, 1);
      if (number != NULL)
        return number;
    }
  return NULL;
}

static gboolean
find_number (const char *title,
             const char *text,
             double *number)
{
  g_autofree char *value = find_labelled (title, text);

  if (value == NULL || !parse_number (value, number))
    {
      g_free (value);
      value = find_number_near (title, text);
      if (value == NULL)
        value = find_by_kind (title, NULL, text);
      if (value == NULL && says (title, "\\b(rating|score|stars|sentiment)\\b"))
        value = g_strdup_printf ("%d", 3 + CLAMP (heddle_demo_sentiment (text), -2, 2));
      if (value == NULL)
        value = find_first (NUMBER, text, 0);
    }
  return value != NULL && parse_number (value, number);
}

/* Whether the text speaks of what the field's name means, and does not deny it. */
static gboolean
find_boolean (const char *title,
              const char *text)
{
  g_autoptr (GPtrArray) labels = heddle_demo_labels_new ();
  g_autofree char *value = find_labelled (title, text);

  if (value != NULL)
    return says (value, "^(yes|true|1|on|y)\\b");
  heddle_demo_labels_add (labels, "true", NULL);
  heddle_demo_labels_add (labels, "false", NULL);
  return heddle_demo_choose_label (labels, text, title) == 0;
}

static gboolean
allows (JsonNode *schema,
        const char *type)
{
  JsonNode *node = heddle_json_member (schema, "type");

  if (heddle_json_is_string (node))
    return strcmp (json_node_get_string (node), type) == 0;
  for (guint i = 0; node != NULL && JSON_NODE_HOLDS_ARRAY (node) && i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonNode *item = json_array_get_element (json_node_get_array (node), i);

      if (heddle_json_is_string (item) && strcmp (json_node_get_string (item), type) == 0)
        return TRUE;
    }
  return FALSE;
}

static JsonNode *
choose_value (JsonArray *values,
              const char *title,
              const char *text)
{
  g_autoptr (GPtrArray) labels = heddle_demo_labels_new ();
  g_autofree char *question = split_title (title);
  guint choice;

  for (guint i = 0; i < json_array_get_length (values); i++)
    {
      g_autofree char *name = heddle_json_to_display (json_array_get_element (values, i));

      heddle_demo_labels_add (labels, name, NULL);
    }
  if (labels->len == 0)
    return json_node_new (JSON_NODE_NULL);
  choice = heddle_demo_choose_label (labels, text, question);
  return json_node_copy (json_array_get_element (values, MIN (choice, json_array_get_length (values) - 1)));
}

static JsonNode *
extract_string (JsonNode *schema,
                const char *title,
                const char *text)
{
  g_autofree char *words = split_title (title);
  g_autofree char *value = find_string (words, heddle_json_get_string (schema, "format", NULL), text);

  if (value == NULL && allows (schema, "null"))
    return json_node_new (JSON_NODE_NULL);
  return json_node_init_string (json_node_alloc (), value == NULL ? "" : g_strstrip (value));
}

static JsonNode *
extract_number (JsonNode *schema,
                const char *title,
                const char *text,
                gboolean is_integer)
{
  g_autofree char *words = split_title (title);
  double number = 0;

  if (!find_number (words, text, &number) && allows (schema, "null"))
    return json_node_new (JSON_NODE_NULL);
  number = MAX (number, heddle_json_get_double (schema, "minimum", -G_MAXDOUBLE));
  number = MIN (number, heddle_json_get_double (schema, "maximum", G_MAXDOUBLE));
  if (is_integer)
    return json_node_init_int (json_node_alloc (), (gint64) CLAMP (number, -9e15, 9e15));
  return json_node_init_double (json_node_alloc (), number);
}

/* Recursive: objects and arrays hold values. */
static JsonNode *extract_value (JsonNode *schema, const char *title, const char *text, guint depth);

static JsonNode *
extract_object (JsonNode *schema,
                const char *text,
                guint depth)
{
  JsonObject *properties = heddle_json_get_object (schema, "properties");
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_init_object (json_node_alloc (), object);
  g_autoptr (GList) names = properties == NULL ? NULL : json_object_get_members (properties);

  for (GList *link = names; link != NULL; link = link->next)
    json_object_set_member (object, link->data, extract_value (json_object_get_member (properties, link->data), link->data, text, depth + 1));
  json_object_unref (object);
  return node;
}

static const char *
pattern_for_items (const char *title,
                   JsonNode *items)
{
  if (says (title, "e ?-?mail"))
    return EMAIL;
  if (says (title, "date|deadline"))
    return DATE;
  if (says (title, "url|link"))
    return URL;
  if (says (title, "amount|price|cost"))
    return MONEY;
  if (allows (items, "number") || allows (items, "integer"))
    return NUMBER;
  if (says (title, "id|number|code|order"))
    return IDENTIFIER;
  if (says (title, "name|person|people|cit|countr|place|compan|product"))
    return "(?-i:\\p{Lu}\\p{Ll}+(?:\\s+\\p{Lu}\\p{Ll}+)*)";
  return NULL;
}

static void
add_matches (JsonArray *array,
             const char *pattern,
             JsonNode *items,
             const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  double number;

  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match) && json_array_get_length (array) < MAX_ITEMS; g_match_info_next (match, NULL))
    {
      g_autofree char *value = g_match_info_fetch (match, 0);

      if (allows (items, "integer") && parse_number (value, &number))
        json_array_add_int_element (array, (gint64) number);
      else if (allows (items, "number") && parse_number (value, &number))
        json_array_add_double_element (array, number);
      else
        json_array_add_string_element (array, value);
    }
}

/* The words that stand out: not common, each once, at most eight. */
static void
add_keywords (JsonArray *array,
              const char *text)
{
  g_auto (GStrv) words = g_regex_split_simple ("[^\\p{L}\\p{N}'-]+", text, 0, 0);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (char **word = words; *word != NULL && json_array_get_length (array) < 8; word++)
    {
      g_autofree char *stem = heddle_demo_stem (*word);

      if (strlen (stem) > 3 && !heddle_demo_is_common (stem) && g_hash_table_add (seen, g_strdup (stem)))
        json_array_add_string_element (array, *word);
    }
}

static JsonNode *
extract_array (JsonNode *schema,
               const char *title,
               const char *text,
               guint depth)
{
  JsonNode *items = heddle_json_member (schema, "items");
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_init_array (json_node_alloc (), array);
  const char *pattern = pattern_for_items (title, items);

  if (heddle_json_get_array (items, "enum") != NULL || allows (items, "object"))
    json_array_add_element (array, extract_value (items, title, text, depth + 1));
  else if (pattern != NULL)
    add_matches (array, pattern, items, text);
  else
    add_keywords (array, text);
  json_array_unref (array);
  return node;
}

/* anyOf and oneOf: the first branch that is not null. */
static JsonNode *
choose_branch (JsonNode *schema)
{
  JsonArray *branches = heddle_json_get_array (schema, "anyOf");

  if (branches == NULL)
    branches = heddle_json_get_array (schema, "oneOf");
  for (guint i = 0; branches != NULL && i < json_array_get_length (branches); i++)
    {
      JsonNode *branch = json_array_get_element (branches, i);

      if (!allows (branch, "null"))
        return branch;
    }
  return schema;
}

static JsonNode *
extract_value (JsonNode *schema,
               const char *title,
               const char *text,
               guint depth)
{
  JsonNode *fixed = heddle_json_member (schema, "const");
  JsonArray *choices = heddle_json_get_array (schema, "enum");

  if (depth > MAX_DEPTH)
    return json_node_new (JSON_NODE_NULL);
  if (fixed != NULL)
    return json_node_copy (fixed);
  if (choices != NULL)
    return choose_value (choices, title, text);
  schema = choose_branch (schema);
  if (allows (schema, "object") || heddle_json_get_object (schema, "properties") != NULL)
    return extract_object (schema, text, depth);
  if (allows (schema, "array"))
    return extract_array (schema, title, text, depth);
  if (allows (schema, "boolean"))
    {
      g_autofree char *words = split_title (title);

      return json_node_init_boolean (json_node_alloc (), find_boolean (words, text));
    }
  if (allows (schema, "integer") || allows (schema, "number"))
    return extract_number (schema, title, text, allows (schema, "integer"));
  return extract_string (schema, title, text);
}

JsonNode *
heddle_demo_extract (JsonNode *schema,
                     const char *title,
                     const char *text)
{
  return extract_value (schema, title, text, 0);
}
