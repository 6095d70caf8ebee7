/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "foreign/heddle-foreign.h"

#include <glib/gi18n-lib.h>

#include "foreign/heddle-n8n.h"
#include "heddle-error.h"
#include "value/heddle-json.h"

/* Each reads another tool's files. */
typedef struct
{
  const char *tool;
  gboolean (*is_one) (JsonNode *root);
  HeddleForeignWorkflow *(*convert) (JsonNode *root);
} Reader;

static const Reader readers[] = {
  { "n8n", heddle_n8n_is_workflow, heddle_n8n_convert },
};

static const Reader *
find_reader (JsonNode *root)
{
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      if (readers[i].is_one (root))
        return &readers[i];
    }
  return NULL;
}

void
heddle_foreign_workflow_free (HeddleForeignWorkflow *self)
{
  g_free (self->json);
  g_ptr_array_unref (self->notes);
  g_free (self);
}

char *
heddle_foreign_workflow_describe (const HeddleForeignWorkflow *self)
{
  /* Translators: %s is the name of a program. */
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u node taken over from %s.", "%u nodes taken over from %s.", self->n_nodes), self->n_nodes, self->tool);
  if (self->n_placeholders > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u has no like here and is a placeholder.", "%u have no like here and are placeholders.", self->n_placeholders), self->n_placeholders);
    }
  if (self->notes->len > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append (text, _ ("The note below them says what to look at."));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
heddle_foreign_to_ours (const char *text, gssize length, HeddleForeignWorkflow **foreign, GError **error)
{
  g_autoptr (JsonNode) root = heddle_json_parse (text, length, NULL);
  const Reader *reader = root != NULL ? find_reader (root) : NULL;
  g_autoptr (HeddleForeignWorkflow) workflow = NULL;

  *foreign = NULL;
  if (reader == NULL)
    return length < 0 ? g_strdup (text) : g_strndup (text, (gsize) length);
  workflow = reader->convert (root);
  if (workflow->n_nodes == 0)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("There is no node in it. Export the workflow from the other program again."));
      return NULL;
    }
  *foreign = g_steal_pointer (&workflow);
  return g_strdup ((*foreign)->json);
}
