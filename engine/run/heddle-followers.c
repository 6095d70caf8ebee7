/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-followers.h"

typedef struct
{
  void (*func) (gpointer data);
  gpointer data;
  GDestroyNotify destroy;
} Follower;

static void
follower_clear (gpointer data)
{
  Follower *follower = data;

  if (follower->destroy != NULL)
    follower->destroy (follower->data);
}

GArray *
heddle_followers_new (void)
{
  GArray *self = g_array_new (FALSE, FALSE, sizeof (Follower));

  g_array_set_clear_func (self, follower_clear);
  return self;
}

void
heddle_followers_add (GArray *self, void (*func) (gpointer data), gpointer data, GDestroyNotify destroy)
{
  Follower follower = { func, data, destroy };

  g_array_append_val (self, follower);
}

void
heddle_followers_call (GArray *self)
{
  for (guint i = 0; i < self->len; i++)
    g_array_index (self, Follower, i).func (g_array_index (self, Follower, i).data);
}
