/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-card.h"
#include "canvas/heddle-canvas-private.h"

G_DEFINE_FINAL_TYPE (HeddleCanvas, heddle_canvas, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_ZOOM,
  N_PROPS,
};

enum
{
  SELECTION_CHANGED,
  OPEN_NODE,
  MESSAGE,
  SEARCH_REQUESTED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

void
heddle_canvas_emit_message (HeddleCanvas *self, const char *text)
{
  g_signal_emit (self, signals[MESSAGE], 0, text);
}

void
heddle_canvas_emit_open (HeddleCanvas *self, const char *id)
{
  g_signal_emit (self, signals[OPEN_NODE], 0, id);
}

void
heddle_canvas_emit_search (HeddleCanvas *self, double x, double y, gboolean pending)
{
  g_signal_emit (self, signals[SEARCH_REQUESTED], 0, x, y, pending);
}

void
heddle_canvas_emit_selection (HeddleCanvas *self)
{
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

HeddleGraph *
heddle_canvas_get_graph (HeddleCanvas *self)
{
  return self->document != NULL ? heddle_document_get_graph (self->document) : NULL;
}

/* Positions and looks are both decided when sizes are: one pass for each frame however much changed. */
void
heddle_canvas_queue (HeddleCanvas *self)
{
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
item_added_cb (HeddleCanvasItem *item, gpointer user_data)
{
  HeddleCanvas *self = user_data;

  item->widget = heddle_canvas_card_new (self, item);
  gtk_widget_set_child_visible (item->widget, FALSE);
  gtk_widget_insert_before (item->widget, GTK_WIDGET (self), self->controls);
  heddle_canvas_take_breakpoint (self, item);
}

/* A gesture that holds on to something that goes away cannot go on. */
static gboolean
is_held (HeddleCanvas *self, HeddleCanvasItem *item)
{
  if (self->pressed_item == item || self->wire.item == item || self->target.item == item || self->pressed_end.item == item)
    return TRUE;
  for (guint i = 0; i < self->starts->len; i++)
    if (g_array_index (self->starts, HeddleCanvasStart, i).item == item)
      return TRUE;
  return FALSE;
}

static void
item_removed_cb (HeddleCanvasItem *item, gpointer user_data)
{
  HeddleCanvas *self = user_data;

  if (is_held (self, item))
    heddle_canvas_cancel_gesture (self);
  g_ptr_array_remove (self->box_base, item);
  g_ptr_array_remove (self->shown, item);
  if (item->selected)
    self->selection_dirty = TRUE;
  g_clear_pointer (&item->widget, gtk_widget_unparent);
}

static void
item_changed_cb (HeddleCanvasItem *item, gpointer user_data)
{
  HeddleCanvas *self = user_data;

  if (!item->lifted)
    heddle_canvas_redraw_item (self, item);
}

static void
damaged_cb (const graphene_rect_t *area, gpointer user_data)
{
  HeddleCanvas *self = user_data;

  heddle_canvas_tiles_damage (self->tiles, area);
}

void
heddle_canvas_redraw_item (HeddleCanvas *self, HeddleCanvasItem *item)
{
  graphene_rect_t bounds;

  gtk_widget_queue_draw (item->widget);
  if (!self->tiles_have_items || item->moving)
    return;
  heddle_canvas_item_get_bounds (item, &bounds);
  heddle_canvas_tiles_damage (self->tiles, &bounds);
}

static void
tile_ready_cb (gpointer user_data)
{
  gtk_widget_queue_draw (GTK_WIDGET (user_data));
}

static void
heddle_canvas_place_card (HeddleCanvas *self, HeddleCanvasItem *item, double offset_x, double offset_y)
{
  GskTransform *transform = gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT (offset_x + item->x * self->zoom, offset_y + item->y * self->zoom));

  transform = gsk_transform_scale (transform, self->zoom, self->zoom);
  gtk_widget_set_child_visible (item->widget, TRUE);
  gtk_widget_allocate (item->widget, (int) item->width, (int) item->height, -1, transform);
}

void
heddle_canvas_ensure_shown (HeddleCanvas *self, HeddleCanvasItem *item)
{
  double x, y;

  heddle_canvas_get_render_offset (self, &x, &y);
  heddle_canvas_place_card (self, item, x, y);
  if (!g_ptr_array_find (self->shown, item, NULL))
    g_ptr_array_add (self->shown, item);
}

static void
hide_cards (HeddleCanvas *self, GPtrArray *before, GPtrArray *now)
{
  HeddleCanvasItem *focused = heddle_canvas_get_focused (self);

  for (guint i = 0; i < before->len; i++)
    ((HeddleCanvasItem *) before->pdata[i])->shown = FALSE;
  for (guint i = 0; i < now->len; i++)
    ((HeddleCanvasItem *) now->pdata[i])->shown = TRUE;
  for (guint i = 0; i < before->len; i++)
    {
      HeddleCanvasItem *item = before->pdata[i];

      if (item->shown)
        continue;
      /* What has the focus stays, or the keyboard would lose its place. */
      if (item == focused)
        g_ptr_array_add (now, item);
      else
        gtk_widget_set_child_visible (item->widget, FALSE);
    }
}

/* Shows the cards in view, and at far zoom none: there they are only blocks in the background. */
static void
update_cards (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->shown);
  graphene_rect_t view;
  double x, y;

  self->shown = g_ptr_array_new ();
  heddle_canvas_get_world_view (self, 8, &view);
  if (self->detail != HEDDLE_CANVAS_DETAIL_BLOCK)
    heddle_canvas_scene_query_items (self->scene, &view, self->shown);
  hide_cards (self, before, self->shown);
  heddle_canvas_get_render_offset (self, &x, &y);
  for (guint i = 0; i < self->shown->len; i++)
    heddle_canvas_place_card (self, self->shown->pdata[i], x, y);
}

/* When a panel opens, what was all in view stays so, and else the middle stays the middle. */
static void
keep_in_view (HeddleCanvas *self, int width, int height)
{
  double dx = (width - self->last_width) / 2., dy = (height - self->last_height) / 2.;
  gboolean is_known = self->last_width > 0 && self->last_height > 0;

  self->last_width = width;
  self->last_height = height;
  if (!is_known || (dx == 0 && dy == 0))
    return;
  if (self->is_fitted)
    heddle_canvas_fit (self);
  else
    heddle_canvas_pan (self, dx, dy);
}

static void
heddle_canvas_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  HeddleCanvas *self = HEDDLE_CANVAS (widget);

  if (self->wants_fit && width > 0 && height > 0)
    {
      self->wants_fit = FALSE;
      heddle_canvas_fit (self);
    }
  keep_in_view (self, width, height);
  update_cards (self);
  heddle_canvas_allocate_controls (self, width, height);
  if (self->popover != NULL)
    gtk_popover_present (GTK_POPOVER (self->popover));
  heddle_canvas_update_tick (self);
}

static void
heddle_canvas_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = 160;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 800 : 600;
  *minimum_baseline = *natural_baseline = -1;
}

static void
style_changed_cb (AdwStyleManager *manager, GParamSpec *pspec, HeddleCanvas *self)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->scene);

  heddle_canvas_style_set_palette (self->style, heddle_canvas_palette_get (adw_style_manager_get_dark (manager), adw_style_manager_get_high_contrast (manager)));
  for (guint i = 0; i < items->len; i++)
    {
      HeddleCanvasItem *item = items->pdata[i];

      heddle_canvas_item_drop_cache (item);
      gtk_widget_queue_draw (item->widget);
    }
  heddle_canvas_tiles_clear (self->tiles);
  heddle_canvas_tiles_clear (self->lifted);
  heddle_canvas_update_controls (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* A tool tells whose it is. */
static void
update_accessible_tools (HeddleCanvasItem *agent)
{
  for (guint i = 0; i < agent->edges->len; i++)
    {
      const HeddleCanvasEdge *edge = agent->edges->pdata[i];

      if (edge->is_tool && edge->to == agent)
        heddle_canvas_card_update_accessible (HEDDLE_CANVAS_CARD (edge->from->widget));
    }
}

static void
update_accessible (HeddleCanvas *self, GPtrArray *ids)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->scene);

  if (ids == NULL)
    for (guint i = 0; i < items->len; i++)
      heddle_canvas_card_update_accessible (HEDDLE_CANVAS_CARD (((HeddleCanvasItem *) items->pdata[i])->widget));
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      HeddleCanvasItem *item = heddle_canvas_scene_find (self->scene, ids->pdata[i]);

      if (item == NULL)
        continue;
      heddle_canvas_card_update_accessible (HEDDLE_CANVAS_CARD (item->widget));
      update_accessible_tools (item);
    }
}

static void
document_changed_cb (HeddleDocument *document, HeddleChange *change, HeddleCanvas *self)
{
  const HeddleCanvasItem *focused = heddle_canvas_get_focused (self);
  gboolean has_focus = focused != NULL && gtk_widget_is_focus (focused->widget);
  g_autofree char *focused_id = has_focus ? g_strdup (focused->id) : NULL;
  double x = has_focus ? focused->x : 0, y = has_focus ? focused->y : 0;

  /* The hovered edge may be gone after this; the next motion finds it again. */
  self->hovered_edge = NULL;
  self->splice = NULL;
  if (self->rewired != NULL || self->pressed_edge != NULL || self->cut->len > 0 || self->bent != NULL)
    heddle_canvas_cancel_gesture (self);
  heddle_canvas_freeze_selection (self);
  heddle_canvas_scene_apply (self->scene, heddle_document_get_graph (document), change);
  if (change->flags != HEDDLE_CHANGE_LAYOUT)
    {
      heddle_canvas_refresh_run (self);
      update_accessible (self, change->nodes);
    }
  heddle_canvas_thaw_selection (self);
  if (has_focus && heddle_canvas_scene_find (self->scene, focused_id) == NULL)
    heddle_canvas_focus_near (self, x, y);
  heddle_canvas_update_actions (self);
  heddle_canvas_update_controls (self);
  heddle_canvas_queue (self);
}

void
heddle_canvas_set_document (HeddleCanvas *self, HeddleDocument *document)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  if (self->document == document)
    return;
  heddle_canvas_cancel_gesture (self);
  heddle_canvas_cancel_pending (self);
  self->hovered_edge = NULL;
  heddle_canvas_freeze_selection (self);
  g_clear_signal_handler (&self->document_handler, self->document);
  heddle_canvas_scene_load (self->scene, NULL);
  g_set_object (&self->document, document);
  if (document != NULL)
    {
      heddle_canvas_scene_load (self->scene, heddle_document_get_graph (document));
      self->document_handler = g_signal_connect (document, "changed", G_CALLBACK (document_changed_cb), self);
    }
  update_accessible (self, NULL);
  heddle_canvas_refresh_run (self);
  heddle_canvas_thaw_selection (self);
  self->wants_fit = TRUE;
  heddle_canvas_update_actions (self);
  heddle_canvas_update_controls (self);
  heddle_canvas_queue (self);
}

HeddleDocument *
heddle_canvas_get_document (HeddleCanvas *self)
{
  g_return_val_if_fail (HEDDLE_IS_CANVAS (self), NULL);

  return self->document;
}

static void
add_problem (HeddleCanvasItem *item, const HeddleProblem *problem)
{
  g_autofree char *before = g_steal_pointer (&item->problem);

  item->problem = before != NULL ? g_strjoin ("\n", before, problem->message, NULL) : g_strdup (problem->message);
  item->severity = before != NULL ? MIN (item->severity, problem->severity) : problem->severity;
}

void
heddle_canvas_set_problems (HeddleCanvas *self, GPtrArray *problems)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->scene);

  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  if (problems != NULL)
    g_ptr_array_ref (problems);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  self->problems = problems;
  for (guint i = 0; i < items->len; i++)
    {
      HeddleCanvasItem *item = items->pdata[i];

      if (item->problem == NULL)
        continue;
      g_clear_pointer (&item->problem, g_free);
      heddle_canvas_item_drop_cache (item);
      gtk_widget_queue_draw (item->widget);
    }
  for (guint i = 0; problems != NULL && i < problems->len; i++)
    {
      const HeddleProblem *problem = problems->pdata[i];
      HeddleCanvasItem *item = heddle_canvas_scene_find (self->scene, problem->node);

      if (item == NULL)
        continue;
      add_problem (item, problem);
      heddle_canvas_item_drop_cache (item);
      heddle_canvas_card_update_accessible (HEDDLE_CANVAS_CARD (item->widget));
      gtk_widget_queue_draw (item->widget);
    }
}

gboolean
heddle_canvas_get_node_bounds (HeddleCanvas *self, const char *node_id, graphene_rect_t *bounds)
{
  HeddleCanvasItem *item;
  double x, y;

  g_return_val_if_fail (HEDDLE_IS_CANVAS (self), FALSE);

  item = heddle_canvas_scene_find (self->scene, node_id);
  if (item == NULL)
    return FALSE;
  heddle_canvas_get_render_offset (self, &x, &y);
  graphene_rect_init (bounds, x + item->x * self->zoom, y + item->y * self->zoom, item->width * self->zoom, item->height * self->zoom);
  return TRUE;
}

gboolean
heddle_canvas_get_port_position (HeddleCanvas *self, const char *node_id, gboolean output, const char *port, double *x, double *y)
{
  HeddleCanvasItem *item;
  double offset_x, offset_y;
  int index;

  g_return_val_if_fail (HEDDLE_IS_CANVAS (self), FALSE);

  item = heddle_canvas_scene_find (self->scene, node_id);
  index = item != NULL ? heddle_canvas_item_find_port (item, output, port) : -1;
  if (index < 0)
    return FALSE;
  heddle_canvas_get_render_offset (self, &offset_x, &offset_y);
  heddle_canvas_item_get_port_position (item, output, index, x, y);
  *x = offset_x + *x * self->zoom;
  *y = offset_y + *y * self->zoom;
  return TRUE;
}

static void
heddle_canvas_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ZOOM)
    g_value_set_double (value, HEDDLE_CANVAS (object)->zoom);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
heddle_canvas_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ZOOM)
    heddle_canvas_set_zoom (HEDDLE_CANVAS (object), g_value_get_double (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
heddle_canvas_dispose (GObject *object)
{
  HeddleCanvas *self = HEDDLE_CANVAS (object);
  GtkWidget *child;

  heddle_canvas_set_trace (self, NULL);
  heddle_canvas_set_document (self, NULL);
  g_clear_handle_id (&self->settle, g_source_remove);
  g_clear_handle_id (&self->news_source, g_source_remove);
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  heddle_canvas_stop_gliding (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  self->controls = self->zoom_button = self->minimap = self->map_button = self->hint = self->speaker = self->popover = NULL;
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  G_OBJECT_CLASS (heddle_canvas_parent_class)->dispose (object);
}

static void
heddle_canvas_finalize (GObject *object)
{
  HeddleCanvas *self = HEDDLE_CANVAS (object);

  g_clear_pointer (&self->breakpoints, g_hash_table_unref);
  heddle_canvas_scene_free (self->scene);
  heddle_canvas_tiles_free (self->tiles);
  heddle_canvas_tiles_free (self->lifted);
  heddle_canvas_style_free (self->style);
  g_ptr_array_unref (self->shown);
  g_ptr_array_unref (self->box_base);
  g_array_unref (self->starts);
  g_array_unref (self->guides);
  g_ptr_array_unref (self->cut);
  g_hash_table_unref (self->touched);
  g_ptr_array_unref (self->news);
  g_clear_pointer (&self->found, g_hash_table_unref);
  g_free (self->refusal);
  g_free (self->pending_node);
  g_free (self->pending_port);
  g_clear_pointer (&self->offered, g_ptr_array_unref);
  g_clear_pointer (&self->bend_start, g_array_unref);
  g_free (self->pending_to);
  g_free (self->pending_to_port);
  G_OBJECT_CLASS (heddle_canvas_parent_class)->finalize (object);
}

static void
install_signals (GType type)
{
  signals[SELECTION_CHANGED] = g_signal_new ("selection-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[OPEN_NODE] = g_signal_new ("open-node", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[MESSAGE] = g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SEARCH_REQUESTED] = g_signal_new ("search-requested", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_BOOLEAN);
}

static void
heddle_canvas_class_init (HeddleCanvasClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = heddle_canvas_dispose;
  object_class->finalize = heddle_canvas_finalize;
  object_class->get_property = heddle_canvas_get_property;
  object_class->set_property = heddle_canvas_set_property;
  widget_class->size_allocate = heddle_canvas_size_allocate;
  widget_class->measure = heddle_canvas_measure;
  widget_class->snapshot = heddle_canvas_snapshot;
  widget_class->focus = heddle_canvas_focus;

  properties[PROP_ZOOM] = g_param_spec_double ("zoom", NULL, NULL, HEDDLE_CANVAS_MIN_ZOOM, HEDDLE_CANVAS_MAX_ZOOM, 1, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  install_signals (G_TYPE_FROM_CLASS (klass));

  gtk_widget_class_set_css_name (widget_class, "canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
  heddle_canvas_class_install_actions (widget_class);
  heddle_canvas_class_install_keys (widget_class);
}

static void
create_scene (HeddleCanvas *self)
{
  HeddleCanvasSceneHooks hooks = {
    .added = item_added_cb,
    .removed = item_removed_cb,
    .changed = item_changed_cb,
    .damaged = damaged_cb,
    .user_data = self,
  };

  self->scene = heddle_canvas_scene_new (&hooks);
}

static void
heddle_canvas_init (HeddleCanvas *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  self->zoom = 1;
  self->chosen_bend = -1;
  self->scale = 1;
  self->wants_fit = TRUE;
  self->shown = g_ptr_array_new ();
  self->box_base = g_ptr_array_new ();
  self->starts = g_array_new (FALSE, FALSE, sizeof (HeddleCanvasStart));
  self->guides = g_array_new (FALSE, FALSE, sizeof (HeddleCanvasGuide));
  self->cut = g_ptr_array_new ();
  self->news = g_ptr_array_new_with_free_func (g_free);
  self->touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->style = heddle_canvas_style_new ();
  self->tiles = heddle_canvas_tiles_new (heddle_canvas_fill_tile, tile_ready_cb, self);
  self->lifted = heddle_canvas_tiles_new (heddle_canvas_fill_lifted, tile_ready_cb, self);
  create_scene (self);

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Workflow canvas"), -1);
  heddle_canvas_create_controls (self);
  heddle_canvas_install_scrolling (self);
  heddle_canvas_install_gestures (self);
  heddle_canvas_install_keys (self);
  heddle_canvas_install_drop (self);

  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (style_changed_cb), self, 0);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (style_changed_cb), self, 0);
  style_changed_cb (manager, NULL, self);
  heddle_canvas_update_actions (self);
}

GtkWidget *
heddle_canvas_new (void)
{
  return g_object_new (HEDDLE_TYPE_CANVAS, NULL);
}
