/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-tiles.h"

#include <math.h>

#define TILE_SIZE 512
#define MAX_TILES 64
#define MAX_DIRECT 24 /* so few strokes are drawn sooner than handed over */

/* Pixels a unit, as an integer so that it can be compared; and the place among those of its scale. */
typedef struct
{
  gint64 scale;
  gint64 column;
  gint64 row;
} TileKey;

typedef struct
{
  TileKey key;
  cairo_surface_t *surface; /* NULL: nothing in it */
  GdkTexture *texture;      /* the same, made when needed */
  guint64 last_use;
  guint is_ready : 1;
  guint is_stale : 1;
  guint is_pending : 1;
} Tile;

struct _HeddleCanvasTiles
{
  gatomicrefcount ref_count; /* results on their way keep it */
  HeddleCanvasFillFunc fill;
  HeddleCanvasReadyFunc ready;
  gpointer user_data;
  GHashTable *tiles; /* TileKey inside the value → Tile */
  GThreadPool *pool; /* NULL when closed */
  gint64 stand_in;   /* the scale at which the view was last complete; 0: none */
  guint64 clock;
};

typedef struct
{
  HeddleCanvasTiles *tiles;
  TileKey key;
  HeddleCanvasContent content;
  cairo_surface_t *surface;
} Job;

#define SCALE_UNIT 65536.0

static guint
key_hash (gconstpointer data)
{
  const TileKey *key = data;

  return (guint) (key->scale * 31 + key->column * 7919 + key->row * 104729);
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  const TileKey *first = a, *second = b;

  return first->scale == second->scale && first->column == second->column && first->row == second->row;
}

static void
tile_clear (Tile *tile)
{
  g_clear_pointer (&tile->surface, cairo_surface_destroy);
  g_clear_object (&tile->texture);
}

static void
tile_free (gpointer data)
{
  tile_clear (data);
  g_free (data);
}

static void
tiles_unref (HeddleCanvasTiles *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->tiles);
  g_free (self);
}

static void
clear_stroke (gpointer data)
{
  heddle_canvas_curve_clear (&((HeddleCanvasStroke *) data)->curve);
}

static void
content_init (HeddleCanvasContent *content)
{
  content->strokes = g_array_new (FALSE, FALSE, sizeof (HeddleCanvasStroke));
  g_array_set_clear_func (content->strokes, clear_stroke);
  content->blocks = g_array_new (FALSE, FALSE, sizeof (HeddleCanvasBlock));
}

static void
content_clear (HeddleCanvasContent *content)
{
  g_array_unref (content->strokes);
  g_array_unref (content->blocks);
}

static void
job_free (Job *job)
{
  content_clear (&job->content);
  g_clear_pointer (&job->surface, cairo_surface_destroy);
  tiles_unref (job->tiles);
  g_free (job);
}

static double
get_scale (const TileKey *key)
{
  return key->scale / SCALE_UNIT;
}

static void
get_area (const TileKey *key, graphene_rect_t *area)
{
  double size = TILE_SIZE / get_scale (key);

  graphene_rect_init (area, key->column * size, key->row * size, size, size);
}

/* Any thread. */
static cairo_surface_t *
raster (const TileKey *key, const HeddleCanvasContent *content)
{
  cairo_surface_t *surface;
  cairo_t *cr;
  double scale = get_scale (key);

  if (content->strokes->len == 0 && content->blocks->len == 0)
    return NULL;
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, TILE_SIZE, TILE_SIZE);
  cr = cairo_create (surface);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  cairo_translate (cr, -key->column * TILE_SIZE, -key->row * TILE_SIZE);
  cairo_scale (cr, scale, scale);
  for (guint i = 0; i < content->blocks->len; i++)
    {
      const HeddleCanvasBlock *block = &g_array_index (content->blocks, HeddleCanvasBlock, i);

      gdk_cairo_set_source_rgba (cr, &block->color);
      cairo_rectangle (cr, block->bounds.origin.x, block->bounds.origin.y, block->bounds.size.width, block->bounds.size.height);
      cairo_fill (cr);
    }
  for (guint i = 0; i < content->strokes->len; i++)
    heddle_canvas_stroke_draw (&g_array_index (content->strokes, HeddleCanvasStroke, i), cr, scale);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static void
tile_take (Tile *tile, cairo_surface_t *surface)
{
  tile_clear (tile);
  tile->surface = surface;
  tile->is_ready = TRUE;
}

static gboolean
job_done_idle (gpointer data)
{
  Job *job = data;
  HeddleCanvasTiles *self = job->tiles;
  Tile *tile = self->pool != NULL ? g_hash_table_lookup (self->tiles, &job->key) : NULL;

  if (tile != NULL && tile->is_pending)
    {
      tile->is_pending = FALSE;
      tile_take (tile, g_steal_pointer (&job->surface));
      self->ready (self->user_data);
    }
  job_free (job);
  return G_SOURCE_REMOVE;
}

static void
job_thread (gpointer data, gpointer user_data)
{
  Job *job = data;

  job->surface = raster (&job->key, &job->content);
  g_idle_add_full (G_PRIORITY_HIGH_IDLE, job_done_idle, job, NULL);
}

HeddleCanvasTiles *
heddle_canvas_tiles_new (HeddleCanvasFillFunc fill, HeddleCanvasReadyFunc ready, gpointer user_data)
{
  HeddleCanvasTiles *self = g_new0 (HeddleCanvasTiles, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->fill = fill;
  self->ready = ready;
  self->user_data = user_data;
  self->tiles = g_hash_table_new_full (key_hash, key_equal, NULL, tile_free);
  self->pool = g_thread_pool_new (job_thread, NULL, 1, FALSE, NULL);
  return self;
}

void
heddle_canvas_tiles_free (HeddleCanvasTiles *self)
{
  GThreadPool *pool = g_steal_pointer (&self->pool);

  /* Every job that was handed over runs, so that each is freed where it ends. */
  g_thread_pool_free (pool, FALSE, TRUE);
  g_hash_table_remove_all (self->tiles);
  tiles_unref (self);
}

void
heddle_canvas_tiles_clear (HeddleCanvasTiles *self)
{
  g_hash_table_remove_all (self->tiles);
  self->stand_in = 0;
}

void
heddle_canvas_tiles_damage (HeddleCanvasTiles *self, const graphene_rect_t *area)
{
  GHashTableIter iter;
  gpointer value;
  graphene_rect_t damaged, own;

  /* A line is wider than its curve, and an arrow wider still. */
  graphene_rect_inset_r (area, -8, -8, &damaged);
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Tile *tile = value;

      get_area (&tile->key, &own);
      if (!tile->is_stale && graphene_rect_intersection (&own, &damaged, NULL))
        tile->is_stale = TRUE;
    }
}

guint
heddle_canvas_tiles_get_n_kept (HeddleCanvasTiles *self)
{
  return g_hash_table_size (self->tiles);
}

static void
request (HeddleCanvasTiles *self, Tile *tile)
{
  HeddleCanvasContent content;
  graphene_rect_t area;
  Job *job;

  if (tile->is_pending)
    return;
  content_init (&content);
  get_area (&tile->key, &area);
  graphene_rect_inset (&area, -8, -8);
  self->fill (&area, &content, self->user_data);
  tile->is_stale = FALSE;
  if (content.strokes->len + content.blocks->len <= MAX_DIRECT)
    {
      tile_take (tile, raster (&tile->key, &content));
      content_clear (&content);
      return;
    }
  tile->is_pending = TRUE;
  job = g_new0 (Job, 1);
  job->tiles = self;
  g_atomic_ref_count_inc (&self->ref_count);
  job->key = tile->key;
  job->content = content;
  g_thread_pool_push (self->pool, job, NULL);
}

static Tile *
ensure_tile (HeddleCanvasTiles *self, const TileKey *key)
{
  Tile *tile = g_hash_table_lookup (self->tiles, key);

  if (tile == NULL)
    {
      tile = g_new0 (Tile, 1);
      tile->key = *key;
      g_hash_table_insert (self->tiles, &tile->key, tile);
    }
  tile->last_use = self->clock;
  if (!tile->is_ready || tile->is_stale)
    request (self, tile);
  return tile;
}

static int
compare_use (gconstpointer a, gconstpointer b)
{
  const Tile *first = *(Tile *const *) a, *second = *(Tile *const *) b;

  return first->last_use < second->last_use ? -1 : first->last_use > second->last_use;
}

/* The least recently seen go; never one of this frame. */
static void
evict (HeddleCanvasTiles *self)
{
  g_autoptr (GPtrArray) tiles = NULL;
  GHashTableIter iter;
  gpointer value;

  if (g_hash_table_size (self->tiles) <= MAX_TILES)
    return;
  tiles = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (tiles, value);
  g_ptr_array_sort (tiles, compare_use);
  for (guint i = 0; i + MAX_TILES < tiles->len; i++)
    {
      Tile *tile = tiles->pdata[i];

      if (tile->last_use == self->clock)
        break;
      g_hash_table_remove (self->tiles, &tile->key);
    }
}

/* While the zoom changes, steps of √2 serve for many frames. */
static gint64
choose_scale (const HeddleCanvasTileView *view)
{
  double exact = view->zoom * view->scale_factor;

  if (!view->is_settled)
    exact = pow (2, ceil (2 * log2 (exact) - 1e-9) / 2);
  return llround (exact * SCALE_UNIT);
}

/* Where a tile is in the widget. */
static void
get_place (const Tile *tile, const HeddleCanvasTileView *view, graphene_rect_t *place)
{
  graphene_rect_t area;
  double size = TILE_SIZE / get_scale (&tile->key) * view->zoom;

  get_area (&tile->key, &area);
  graphene_rect_init (place, view->x + tile->key.column * size, view->y + tile->key.row * size, size, size);
}

static GdkTexture *
get_texture (Tile *tile)
{
  g_autoptr (GBytes) bytes = NULL;

  if (tile->texture == NULL)
    {
      int stride = cairo_image_surface_get_stride (tile->surface);

      bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (tile->surface), (gsize) stride * TILE_SIZE,
                                          (GDestroyNotify) cairo_surface_destroy, cairo_surface_reference (tile->surface));
      tile->texture = gdk_memory_texture_new (TILE_SIZE, TILE_SIZE, GDK_MEMORY_DEFAULT, bytes, stride);
    }
  return tile->texture;
}

/* Where tiles go: a texture node each, or all of them into one cairo node in view space. */
typedef struct
{
  GtkSnapshot *snapshot;
  cairo_t *cr;
} Target;

static void
draw_tile (const Target *target, Tile *tile, const HeddleCanvasTileView *view, const graphene_rect_t *clip)
{
  graphene_rect_t place;

  if (tile->surface == NULL)
    return;
  get_place (tile, view, &place);
  if (target->cr == NULL)
    {
      gtk_snapshot_push_clip (target->snapshot, clip != NULL ? clip : &place);
      gtk_snapshot_append_texture (target->snapshot, get_texture (tile), &place);
      gtk_snapshot_pop (target->snapshot);
      return;
    }
  cairo_save (target->cr);
  cairo_rectangle (target->cr, clip != NULL ? clip->origin.x : place.origin.x, clip != NULL ? clip->origin.y : place.origin.y, clip != NULL ? clip->size.width : place.size.width, clip != NULL ? clip->size.height : place.size.height);
  cairo_clip (target->cr);
  cairo_translate (target->cr, place.origin.x, place.origin.y);
  cairo_scale (target->cr, place.size.width / TILE_SIZE, place.size.height / TILE_SIZE);
  cairo_set_source_surface (target->cr, tile->surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (target->cr), place.size.width == TILE_SIZE ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_BILINEAR);
  cairo_paint (target->cr);
  cairo_restore (target->cr);
}

/* What was rastered for another zoom, in the place of what is not ready. */
static void
draw_stand_in (HeddleCanvasTiles *self, const Target *target, const Tile *missing, const HeddleCanvasTileView *view)
{
  graphene_rect_t hole, place;
  GHashTableIter iter;
  gpointer value;

  if (self->stand_in == 0 || self->stand_in == missing->key.scale)
    return;
  get_place (missing, view, &hole);
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Tile *tile = value;

      if (tile->key.scale != self->stand_in || !tile->is_ready)
        continue;
      get_place (tile, view, &place);
      if (!graphene_rect_intersection (&place, &hole, NULL))
        continue;
      tile->last_use = self->clock;
      draw_tile (target, tile, view, &hole);
    }
}

static void
draw_all (HeddleCanvasTiles *self, const Target *target, const HeddleCanvasTileView *view)
{
  gint64 scale = choose_scale (view);
  double size = TILE_SIZE * SCALE_UNIT / scale * view->zoom;
  gboolean is_complete = TRUE;

  for (gint64 row = floor (-view->y / size); row * size + view->y < view->height; row++)
    for (gint64 column = floor (-view->x / size); column * size + view->x < view->width; column++)
      {
        Tile *tile = ensure_tile (self, &(TileKey){ scale, column, row });

        if (tile->is_ready)
          draw_tile (target, tile, view, NULL);
        else
          draw_stand_in (self, target, tile, view);
        is_complete = is_complete && tile->is_ready;
      }
  if (is_complete)
    self->stand_in = scale;
}

void
heddle_canvas_tiles_snapshot (HeddleCanvasTiles *self, GtkSnapshot *snapshot, const HeddleCanvasTileView *view)
{
  Target target = { snapshot, NULL };

  self->clock++;
  if (!view->as_textures)
    target.cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, view->width, view->height));
  draw_all (self, &target, view);
  g_clear_pointer (&target.cr, cairo_destroy);
  evict (self);
}
