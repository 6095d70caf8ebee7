/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

static const char *const kind_names[] = {
  [HEDDLE_ANNOTATION_NOTE] = "note",
  [HEDDLE_ANNOTATION_FRAME] = "frame",
};

HeddleAnnotation *
heddle_annotation_new (HeddleAnnotationKind kind, const char *id)
{
  HeddleAnnotation *annotation = g_new0 (HeddleAnnotation, 1);

  annotation->kind = kind;
  annotation->id = g_strdup (id);
  annotation->text = g_strdup ("");
  return annotation;
}

void
heddle_annotation_free (HeddleAnnotation *annotation)
{
  g_free (annotation->id);
  g_free (annotation->text);
  g_free (annotation->color);
  g_clear_pointer (&annotation->extra, json_object_unref);
  g_free (annotation);
}

static gboolean
read_kind (const char *name, HeddleAnnotationKind *kind)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (kind_names); i++)
    {
      if (strcmp (name, kind_names[i]) == 0)
        {
          *kind = i;
          return TRUE;
        }
    }
  return FALSE;
}

HeddleAnnotation *
heddle_annotation_new_from_json (JsonNode *json, GError **error)
{
  static const char *const known[] = { "id", "kind", "text", "color", "rect", NULL };
  static const char *const known_with_collapsed[] = { "id", "kind", "text", "color", "rect", "collapsed", NULL };
  const char *id = heddle_json_get_string (json, "id", NULL);
  HeddleAnnotation *annotation;
  JsonNode *collapsed = heddle_json_member (json, "collapsed");
  HeddleAnnotationKind kind;
  gboolean is_known;
  double rect[4];

  if (id == NULL || *id == '\0')
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("A note or frame has no “id”."));
      return NULL;
    }
  if (!read_kind (heddle_json_get_string (json, "kind", NULL), &kind))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                   _ ("The “kind” of annotation “%.80s” must be “note” or “frame”."), id);
      return NULL;
    }
  if (!heddle_json_read_numbers (heddle_json_member (json, "rect"), rect, 4) || rect[2] < 0 || rect[3] < 0)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                   _ ("The “rect” of annotation “%.80s” must be four numbers: x, y, width, height."), id);
      return NULL;
    }

  annotation = heddle_annotation_new (kind, id);
  g_free (annotation->text);
  annotation->text = g_strdup (heddle_json_get_string (json, "text", ""));
  annotation->color = g_strdup (heddle_json_get_string (json, "color", NULL));
  annotation->x = rect[0];
  annotation->y = rect[1];
  annotation->width = rect[2];
  annotation->height = rect[3];
  is_known = collapsed != NULL && heddle_json_read_boolean (collapsed, &annotation->collapsed);
  annotation->extra = heddle_json_dup_extra (json_node_get_object (json), is_known ? known_with_collapsed : known);
  return annotation;
}

JsonNode *
heddle_annotation_to_json (const HeddleAnnotation *annotation)
{
  const double rect[] = { annotation->x, annotation->y, annotation->width, annotation->height };
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "id", heddle_json_string (annotation->id));
  json_object_set_member (object, "kind", heddle_json_string (kind_names[annotation->kind]));
  json_object_set_member (object, "text", heddle_json_string (annotation->text));
  if (annotation->color != NULL)
    json_object_set_member (object, "color", heddle_json_string (annotation->color));
  json_object_set_member (object, "rect", heddle_json_numbers (rect, 4));
  if (annotation->collapsed)
    json_object_set_member (object, "collapsed", heddle_json_boolean (TRUE));
  heddle_json_add_extra (object, annotation->extra);
  return heddle_json_object (object);
}
