/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-script.h"

#include "value/heddle-json.h"

TestScript
test_script_new (void)
{
  return (TestScript){ .events = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_event_unref) };
}

HeddleEvent *
test_script_add (TestScript *script, HeddleEventKind kind, const char *node, const char *json)
{
  HeddleEvent *event = heddle_event_new (kind, node);

  event->seq = ++script->seq;
  event->time = (gint64) event->seq * 1000;
  event->attempt = node == NULL ? 0 : 1;
  if (json != NULL)
    {
      event->data = heddle_json_parse (json, -1, NULL);
      g_assert_nonnull (event->data);
    }
  g_ptr_array_add (script->events, event);
  return event;
}

HeddleEvent *
test_script_add_text (TestScript *script, HeddleEventKind kind, const char *node, const char *text)
{
  HeddleEvent *event = test_script_add (script, kind, node, NULL);

  event->text = g_strdup (text);
  return event;
}

void
test_script_add_span (TestScript *script, HeddleEventKind kind, const char *node, guint64 span, guint64 parent, const char *name, const char *json)
{
  HeddleEvent *event = test_script_add (script, kind, node, json);

  event->span = span;
  event->parent = parent;
  event->text = g_strdup (name);
}
