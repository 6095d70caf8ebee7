/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-tiles.h"

#include <math.h>

#define TILE_SIZE HEDDLE_CANVAS_TILE_SIZE
#define MAX_TILES 64
#define MAX_DIRECT 24  /* so few strokes are drawn sooner than handed over */
#define MAX_REQUESTS 4 /* a frame; collecting what a tile shows takes its time, too */
#define MAX_HASTY 2    /* same, while the zoom changes */
#define MAX_WORK 1500  /* lines and blocks collected in a frame, after which the others wait for the next one */
#define CARD_WORK 10   /* so many lines is a card, which may have to be drawn for the first time */

/* Pixels a unit, as an integer so that it can be compared; and the place among those of its scale. */
typedef struct
{
  gint64 scale;
  gint64 column;
  gint64 row;
  guint kind;
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
  guint stand_in_kind;
  int wanted; /* atomic: another number for each scale and kind in view; jobs for earlier ones are dropped */
  guint64 clock;
  gint64 last_scale; /* of what is in view */
  guint last_kind;
  guint n_requests; /* that are left in this frame */
  guint work;       /* done for them in this frame */
  guint more;       /* source: there was more to request */
};

typedef struct
{
  HeddleCanvasTiles *tiles;
  TileKey key;
  int wanted; /* as it was then */
  HeddleCanvasContent content;
  cairo_surface_t *surface;
  gboolean is_dropped;
} Job;

#define SCALE_UNIT 4294967296.0

static guint
key_hash (gconstpointer data)
{
  const TileKey *key = data;

  return (guint) (key->scale * 31 + key->column * 7919 + key->row * 104729 + key->kind);
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  const TileKey *first = a, *second = b;

  return first->scale == second->scale && first->column == second->column && first->row == second->row && first->kind == second->kind;
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
job_free (Job *job)
{
  heddle_canvas_content_clear (&job->content);
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
      if (!job->is_dropped)
        tile_take (tile, g_steal_pointer (&job->surface));
      else
        tile->is_stale = tile->is_ready;
      if (!job->is_dropped || job->key.scale == self->last_scale)
        self->ready (self->user_data);
    }
  job_free (job);
  return G_SOURCE_REMOVE;
}

static void
job_thread (gpointer data, gpointer user_data)
{
  Job *job = data;

  /* While the zoom changes, many a tile is out of view before its turn comes. */
  job->is_dropped = g_atomic_int_get (&job->tiles->wanted) != job->wanted;
  if (!job->is_dropped)
    job->surface = heddle_canvas_content_raster (&job->content, job->key.column, job->key.row);
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

  g_clear_handle_id (&self->more, g_source_remove);
  g_atomic_int_inc (&self->wanted);
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
heddle_canvas_tiles_get_kind (HeddleCanvasTiles *self)
{
  return self->stand_in_kind;
}

guint
heddle_canvas_tiles_get_n_kept (HeddleCanvasTiles *self)
{
  return g_hash_table_size (self->tiles);
}

guint
heddle_canvas_tiles_get_n_pending (HeddleCanvasTiles *self)
{
  GHashTableIter iter;
  gpointer value;
  guint n = self->more != 0;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    n += ((Tile *) value)->is_pending;
  return n;
}

static gboolean
more_cb (gpointer user_data)
{
  HeddleCanvasTiles *self = user_data;

  self->more = 0;
  self->ready (self->user_data);
  return G_SOURCE_REMOVE;
}

static void
request (HeddleCanvasTiles *self, Tile *tile)
{
  HeddleCanvasContent content = { .scale = get_scale (&tile->key) };
  graphene_rect_t area;
  Job *job;

  if (tile->is_pending)
    return;
  if (self->n_requests == 0)
    {
      if (self->more == 0)
        self->more = g_idle_add (more_cb, self);
      return;
    }
  self->n_requests--;
  heddle_canvas_content_init (&content);
  get_area (&tile->key, &area);
  graphene_rect_inset (&area, -8, -8);
  self->fill (&area, &content, self->user_data);
  self->work += content.strokes->len + content.blocks->len + CARD_WORK * (content.ground->len + content.cards->len);
  if (self->work > MAX_WORK)
    self->n_requests = 0;
  tile->is_stale = FALSE;
  if (content.strokes->len + content.blocks->len <= MAX_DIRECT && content.ground->len + content.cards->len == 0)
    {
      tile_take (tile, heddle_canvas_content_raster (&content, tile->key.column, tile->key.row));
      heddle_canvas_content_clear (&content);
      return;
    }
  tile->is_pending = TRUE;
  job = g_new0 (Job, 1);
  job->tiles = self;
  g_atomic_ref_count_inc (&self->ref_count);
  job->key = tile->key;
  job->wanted = g_atomic_int_get (&self->wanted);
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
  const HeddleCanvasTileView *view;
} Target;

static void
draw_texture (const Target *target, Tile *tile, const graphene_rect_t *place, const graphene_rect_t *clip)
{
  if (clip != NULL)
    gtk_snapshot_push_clip (target->snapshot, clip);
  gtk_snapshot_append_texture (target->snapshot, get_texture (tile), place);
  if (clip != NULL)
    gtk_snapshot_pop (target->snapshot);
}

/* What covers whole pixels without scaling is copied, which is the fastest way there is. */
static void
draw_surface (const Target *target, Tile *tile, const graphene_rect_t *place, const graphene_rect_t *clip)
{
  int factor = target->view->scale_factor;
  double pixel = TILE_SIZE / (double) factor;
  gboolean is_exact = fabs (place->size.width - pixel) < 1e-3;
  cairo_pattern_t *pattern;

  cairo_save (target->cr);
  if (clip != NULL)
    {
      cairo_rectangle (target->cr, clip->origin.x, clip->origin.y, clip->size.width, clip->size.height);
      cairo_clip (target->cr);
    }
  if (is_exact)
    cairo_translate (target->cr, round (place->origin.x * factor) / factor, round (place->origin.y * factor) / factor);
  else
    cairo_translate (target->cr, place->origin.x, place->origin.y);
  cairo_scale (target->cr, (is_exact ? pixel : place->size.width) / TILE_SIZE, (is_exact ? pixel : place->size.height) / TILE_SIZE);
  cairo_set_source_surface (target->cr, tile->surface, 0, 0);
  pattern = cairo_get_source (target->cr);
  cairo_pattern_set_filter (pattern, is_exact ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_BILINEAR);
  /* At a fractional size the edges of opaque tiles would let what is below shine through. */
  if (!is_exact)
    cairo_pattern_set_extend (pattern, CAIRO_EXTEND_PAD);
  if (!is_exact && target->view->background.alpha > 0)
    cairo_set_antialias (target->cr, CAIRO_ANTIALIAS_NONE);
  cairo_rectangle (target->cr, 0, 0, TILE_SIZE, TILE_SIZE);
  cairo_fill (target->cr);
  cairo_restore (target->cr);
}

static void
draw_tile (const Target *target, Tile *tile, const graphene_rect_t *clip)
{
  graphene_rect_t place;

  if (tile->surface == NULL)
    return;
  get_place (tile, target->view, &place);
  if (target->cr == NULL)
    draw_texture (target, tile, &place, clip);
  else
    draw_surface (target, tile, &place, clip);
}

/* What was rastered for another zoom, in the place of what is not ready. */
static void
draw_stand_in (HeddleCanvasTiles *self, const Target *target, const Tile *missing)
{
  const GdkRGBA *background = &target->view->background;
  graphene_rect_t hole, place;
  GHashTableIter iter;
  gpointer value;

  get_place (missing, target->view, &hole);
  if (target->cr != NULL && background->alpha > 0)
    {
      gdk_cairo_set_source_rgba (target->cr, background);
      cairo_rectangle (target->cr, hole.origin.x, hole.origin.y, hole.size.width, hole.size.height);
      cairo_fill (target->cr);
    }
  if (self->stand_in == 0 || (self->stand_in == missing->key.scale && self->stand_in_kind == missing->key.kind))
    return;
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Tile *tile = value;

      if (tile->key.scale != self->stand_in || tile->key.kind != self->stand_in_kind || !tile->is_ready)
        continue;
      get_place (tile, target->view, &place);
      if (!graphene_rect_intersection (&place, &hole, NULL))
        continue;
      tile->last_use = self->clock;
      draw_tile (target, tile, &hole);
    }
}

/* Tiles of one scale that touch the view, inclusive. */
typedef struct
{
  gint64 left, top, right, bottom;
} TileRange;

static TileRange
find_range (const HeddleCanvasTileView *view, gint64 scale)
{
  double size = TILE_SIZE * SCALE_UNIT / scale * view->zoom;

  return (TileRange){ (gint64) floor (-view->x / size), (gint64) floor (-view->y / size),
                      (gint64) ceil ((view->width - view->x) / size) - 1, (gint64) ceil ((view->height - view->y) / size) - 1 };
}

static gboolean
draw_range (HeddleCanvasTiles *self, const Target *target, const TileRange *range, gint64 scale)
{
  gboolean is_complete = TRUE;

  for (gint64 row = range->top; row <= range->bottom; row++)
    for (gint64 column = range->left; column <= range->right; column++)
      {
        Tile *tile = ensure_tile (self, &(TileKey){ scale, column, row, target->view->kind });

        if (tile->is_ready)
          draw_tile (target, tile, NULL);
        else
          draw_stand_in (self, target, tile);
        is_complete = is_complete && tile->is_ready;
      }
  return is_complete;
}

/* What a pan will bring into view is made before. */
static void
prepare_around (HeddleCanvasTiles *self, const TileRange *range, gint64 scale, guint kind)
{
  gint64 n = (range->right - range->left + 3) * (range->bottom - range->top + 3);

  if (n > MAX_TILES)
    return;
  self->n_requests = MIN (self->n_requests, 1);
  for (gint64 row = range->top - 1; row <= range->bottom + 1; row++)
    for (gint64 column = range->left - 1; column <= range->right + 1; column++)
      if (row < range->top || row > range->bottom || column < range->left || column > range->right)
        ensure_tile (self, &(TileKey){ scale, column, row, kind });
}

/* What is on its way for another zoom is of no use any more. */
static void
want (HeddleCanvasTiles *self, gint64 scale, guint kind)
{
  if (self->last_scale == scale && self->last_kind == kind)
    return;
  self->last_scale = scale;
  self->last_kind = kind;
  g_atomic_int_inc (&self->wanted);
}

gboolean
heddle_canvas_tiles_snapshot (HeddleCanvasTiles *self, GtkSnapshot *snapshot, const HeddleCanvasTileView *view)
{
  gint64 scale = choose_scale (view);
  TileRange range = find_range (view, scale);
  Target target = { snapshot, NULL, view };
  gboolean is_complete;

  self->clock++;
  self->n_requests = view->is_settled ? MAX_REQUESTS : MAX_HASTY;
  self->work = 0;
  want (self, scale, view->kind);
  if (!view->as_textures)
    target.cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, view->width, view->height));
  is_complete = draw_range (self, &target, &range, scale);
  g_clear_pointer (&target.cr, cairo_destroy);
  if (is_complete)
    {
      self->stand_in = scale;
      self->stand_in_kind = view->kind;
    }
  if (is_complete && view->is_settled)
    prepare_around (self, &range, scale, view->kind);
  evict (self);
  return is_complete;
}
