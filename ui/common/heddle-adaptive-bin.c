/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-adaptive-bin.h"

struct _HeddleAdaptiveBin
{
  GtkWidget parent_instance;

  GtkWidget *child;
  int min_width;
  int min_height;
  int fold_below;
  int narrow_below;
  gboolean folded;
  gboolean narrow;
};

enum
{
  PROP_0,
  PROP_CHILD,
  PROP_MIN_WIDTH,
  PROP_MIN_HEIGHT,
  PROP_FOLD_BELOW,
  PROP_NARROW_BELOW,
  PROP_FOLDED,
  PROP_NARROW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void heddle_adaptive_bin_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HeddleAdaptiveBin, heddle_adaptive_bin, GTK_TYPE_WIDGET, G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, heddle_adaptive_bin_buildable_init))

static void
set_child (HeddleAdaptiveBin *self,
           GtkWidget *child)
{
  if (self->child == child)
    return;
  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  if (child != NULL)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHILD]);
}

static void
heddle_adaptive_bin_add_child (GtkBuildable *buildable,
                               GtkBuilder *builder,
                               GObject *child,
                               const char *type)
{
  if (GTK_IS_WIDGET (child))
    set_child (HEDDLE_ADAPTIVE_BIN (buildable), GTK_WIDGET (child));
}

static void
heddle_adaptive_bin_buildable_init (GtkBuildableIface *iface)
{
  iface->add_child = heddle_adaptive_bin_add_child;
}

gboolean
heddle_adaptive_bin_is_folded (HeddleAdaptiveBin *self)
{
  g_return_val_if_fail (HEDDLE_IS_ADAPTIVE_BIN (self), FALSE);

  return self->folded;
}

gboolean
heddle_adaptive_bin_is_narrow (HeddleAdaptiveBin *self)
{
  g_return_val_if_fail (HEDDLE_IS_ADAPTIVE_BIN (self), FALSE);

  return self->narrow;
}

static void
heddle_adaptive_bin_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  HeddleAdaptiveBin *self = HEDDLE_ADAPTIVE_BIN (widget);
  int own = orientation == GTK_ORIENTATION_HORIZONTAL ? self->min_width : self->min_height;
  int least = 0;

  *minimum_baseline = *natural_baseline = -1;
  *minimum = *natural = 0;
  if (self->child == NULL)
    return;
  if (for_size >= 0)
    gtk_widget_measure (self->child, orientation == GTK_ORIENTATION_HORIZONTAL ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  gtk_widget_measure (self->child, orientation, for_size < 0 ? -1 : MAX (for_size, least), minimum, natural, NULL, NULL);
  if (own >= 0)
    *minimum = MIN (*minimum, own);
}

static void
set_flag (HeddleAdaptiveBin *self,
          gboolean *flag,
          gboolean value,
          int property)
{
  if (*flag == value)
    return;
  *flag = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* What the child folds here is measured anew right below, so nothing is out of place for a frame. */
static void
heddle_adaptive_bin_size_allocate (GtkWidget *widget,
                                   int width,
                                   int height,
                                   int baseline)
{
  HeddleAdaptiveBin *self = HEDDLE_ADAPTIVE_BIN (widget);
  GskTransform *transform = NULL;
  int least_width, least_height;

  set_flag (self, &self->folded, width < self->fold_below, PROP_FOLDED);
  set_flag (self, &self->narrow, width < self->narrow_below, PROP_NARROW);
  if (self->child == NULL || !gtk_widget_should_layout (self->child))
    return;
  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &least_width, NULL, NULL, NULL);
  /* What has no room is at the end. */
  if (least_width > width && gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    transform = gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT (width - least_width, 0));
  width = MAX (width, least_width);
  gtk_widget_measure (self->child, GTK_ORIENTATION_VERTICAL, width, &least_height, NULL, NULL, NULL);
  gtk_widget_allocate (self->child, width, MAX (height, least_height), baseline, transform);
}

static GtkSizeRequestMode
heddle_adaptive_bin_get_request_mode (GtkWidget *widget)
{
  HeddleAdaptiveBin *self = HEDDLE_ADAPTIVE_BIN (widget);

  return self->child != NULL ? gtk_widget_get_request_mode (self->child) : GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
heddle_adaptive_bin_get_property (GObject *object,
                                  guint id,
                                  GValue *value,
                                  GParamSpec *pspec)
{
  HeddleAdaptiveBin *self = HEDDLE_ADAPTIVE_BIN (object);

  switch (id)
    {
    case PROP_CHILD:
      g_value_set_object (value, self->child);
      break;
    case PROP_MIN_WIDTH:
      g_value_set_int (value, self->min_width);
      break;
    case PROP_MIN_HEIGHT:
      g_value_set_int (value, self->min_height);
      break;
    case PROP_FOLD_BELOW:
      g_value_set_int (value, self->fold_below);
      break;
    case PROP_NARROW_BELOW:
      g_value_set_int (value, self->narrow_below);
      break;
    case PROP_FOLDED:
      g_value_set_boolean (value, self->folded);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
set_int (HeddleAdaptiveBin *self,
         int *field,
         const GValue *value,
         GParamSpec *pspec)
{
  if (*field == g_value_get_int (value))
    return;
  *field = g_value_get_int (value);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

static void
heddle_adaptive_bin_set_property (GObject *object,
                                  guint id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  HeddleAdaptiveBin *self = HEDDLE_ADAPTIVE_BIN (object);

  switch (id)
    {
    case PROP_CHILD:
      set_child (self, g_value_get_object (value));
      break;
    case PROP_MIN_WIDTH:
      set_int (self, &self->min_width, value, pspec);
      break;
    case PROP_MIN_HEIGHT:
      set_int (self, &self->min_height, value, pspec);
      break;
    case PROP_FOLD_BELOW:
      set_int (self, &self->fold_below, value, pspec);
      break;
    case PROP_NARROW_BELOW:
      set_int (self, &self->narrow_below, value, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
heddle_adaptive_bin_dispose (GObject *object)
{
  HeddleAdaptiveBin *self = HEDDLE_ADAPTIVE_BIN (object);

  g_clear_pointer (&self->child, gtk_widget_unparent);
  G_OBJECT_CLASS (heddle_adaptive_bin_parent_class)->dispose (object);
}

static GParamSpec *
size_spec (const char *name,
           int least)
{
  return g_param_spec_int (name, NULL, NULL, least, G_MAXINT, least, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

static GParamSpec *
flag_spec (const char *name)
{
  return g_param_spec_boolean (name, NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
heddle_adaptive_bin_class_init (HeddleAdaptiveBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = heddle_adaptive_bin_dispose;
  object_class->get_property = heddle_adaptive_bin_get_property;
  object_class->set_property = heddle_adaptive_bin_set_property;
  widget_class->measure = heddle_adaptive_bin_measure;
  widget_class->size_allocate = heddle_adaptive_bin_size_allocate;
  widget_class->get_request_mode = heddle_adaptive_bin_get_request_mode;

  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_MIN_WIDTH] = size_spec ("min-width", -1);
  properties[PROP_MIN_HEIGHT] = size_spec ("min-height", -1);
  properties[PROP_FOLD_BELOW] = size_spec ("fold-below", 0);
  properties[PROP_NARROW_BELOW] = size_spec ("narrow-below", 0);
  properties[PROP_FOLDED] = flag_spec ("folded");
  properties[PROP_NARROW] = flag_spec ("narrow");
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
heddle_adaptive_bin_init (HeddleAdaptiveBin *self)
{
  self->min_width = self->min_height = -1;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}
