/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/heddle-memory-layout.h"

#include <math.h>

/* The length an edge would like to have. Labels are wider than high, so that the picture is too. */
#define LENGTH 110.f
#define WIDTH_RATIO 1.5f
#define N_STEPS 200
/* Keeps what is related to nothing from drifting off. */
#define GRAVITY 0.04f

/* A spiral of the golden angle: nothing begins on top of another thing, and no angle is preferred. */
static graphene_point_t
start_point (guint index)
{
  float angle = index * 2.399963f;
  float radius = LENGTH * 0.6f * sqrtf (index);

  return GRAPHENE_POINT_INIT (radius * cosf (angle), radius * sinf (angle));
}

static void
push_apart (const graphene_point_t *points,
            graphene_point_t *forces,
            guint a,
            guint b)
{
  float dx = points[a].x - points[b].x;
  float dy = points[a].y - points[b].y;
  float square = MAX (dx * dx + dy * dy, 1.f);
  float force = LENGTH * LENGTH / square;

  forces[a].x += dx * force;
  forces[a].y += dy * force;
  forces[b].x -= dx * force;
  forces[b].y -= dy * force;
}

static void
pull_together (const graphene_point_t *points,
               graphene_point_t *forces,
               guint a,
               guint b)
{
  float dx = points[a].x - points[b].x;
  float dy = points[a].y - points[b].y;
  float force = hypotf (dx, dy) / LENGTH;

  forces[a].x -= dx * force;
  forces[a].y -= dy * force;
  forces[b].x += dx * force;
  forces[b].y += dy * force;
}

static void
move (graphene_point_t *point,
      const graphene_point_t *force,
      float most)
{
  float x = force->x - point->x * GRAVITY;
  float y = force->y - point->y * GRAVITY;
  float length = hypotf (x, y);

  if (length < 0.01f)
    return;
  point->x += x / length * MIN (length, most);
  point->y += y / length * MIN (length, most);
}

graphene_point_t *
heddle_memory_layout (guint n_things,
                      const guint (*pairs)[2],
                      guint n_pairs)
{
  graphene_point_t *points = g_new0 (graphene_point_t, MAX (n_things, 1));

  for (guint i = 0; i < n_things; i++)
    points[i] = start_point (i);
  for (guint step = 0; step < N_STEPS; step++)
    {
      g_autofree graphene_point_t *forces = g_new0 (graphene_point_t, MAX (n_things, 1));

      for (guint i = 0; i < n_things; i++)
        {
          for (guint j = i + 1; j < n_things; j++)
            push_apart (points, forces, i, j);
        }
      for (guint i = 0; i < n_pairs; i++)
        pull_together (points, forces, pairs[i][0], pairs[i][1]);
      /* Smaller and smaller steps come to rest. */
      for (guint i = 0; i < n_things; i++)
        move (&points[i], &forces[i], LENGTH * (1.f - (float) step / N_STEPS) * 0.5f);
    }
  for (guint i = 0; i < n_things; i++)
    points[i].x *= WIDTH_RATIO;
  return points;
}
