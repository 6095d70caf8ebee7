/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-wrap-layout.h"

/* What something that expands, such as a text, is given at least before it shares its line. */
#define EXPANDING_WIDTH 240

struct _HeddleWrapLayout
{
  GtkLayoutManager parent_instance;

  int spacing;
};

enum
{
  PROP_0,
  PROP_SPACING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (HeddleWrapLayout, heddle_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

typedef struct
{
  GtkWidget *widget;
  int width;
  gboolean expands;
} Child;

static int
get_wish (GtkWidget *widget,
          int most)
{
  int least, natural;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &least, &natural, NULL, NULL);
  if (gtk_widget_compute_expand (widget, GTK_ORIENTATION_HORIZONTAL))
    natural = MAX (least, MIN (natural, EXPANDING_WIDTH));
  return MAX (MIN (natural, most), least);
}

static GtkWidget *
skip_hidden (GtkWidget *widget)
{
  while (widget != NULL && !gtk_widget_should_layout (widget))
    widget = gtk_widget_get_next_sibling (widget);
  return widget;
}

/* Takes the children of the next line, with their widths. Returns what comes after them. */
static GtkWidget *
take_line (HeddleWrapLayout *self,
           GtkWidget *child,
           int width,
           GArray *line)
{
  int left = width;
  guint n_expanding = 0;

  g_array_set_size (line, 0);
  for (child = skip_hidden (child); child != NULL; child = skip_hidden (gtk_widget_get_next_sibling (child)))
    {
      Child own = { child, get_wish (child, width), gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL) };
      int needed = own.width + (line->len > 0 ? self->spacing : 0);

      if (line->len > 0 && needed > left)
        break;
      left -= needed;
      n_expanding += own.expands;
      g_array_append_val (line, own);
    }
  for (guint i = 0; i < line->len && left > 0; i++)
    {
      Child *own = &g_array_index (line, Child, i);

      if (!own->expands)
        continue;
      own->width += left / (int) n_expanding;
      left -= left / (int) n_expanding--;
    }
  return child;
}

static int
get_line_height (GArray *line)
{
  int highest = 0;

  for (guint i = 0; i < line->len; i++)
    {
      const Child *child = &g_array_index (line, Child, i);
      int height;

      gtk_widget_measure (child->widget, GTK_ORIENTATION_VERTICAL, child->width, &height, NULL, NULL, NULL);
      highest = MAX (highest, height);
    }
  return highest;
}

static void
measure_width (HeddleWrapLayout *self,
               GtkWidget *widget,
               int *minimum,
               int *natural)
{
  guint n = 0;

  for (GtkWidget *child = skip_hidden (gtk_widget_get_first_child (widget)); child != NULL; child = skip_hidden (gtk_widget_get_next_sibling (child)))
    {
      int least, wish;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &wish, NULL, NULL);
      *minimum = MAX (*minimum, least);
      *natural += wish + (n++ > 0 ? self->spacing : 0);
    }
}

static void
heddle_wrap_layout_measure (GtkLayoutManager *manager,
                            GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  HeddleWrapLayout *self = HEDDLE_WRAP_LAYOUT (manager);
  g_autoptr (GArray) line = g_array_new (FALSE, FALSE, sizeof (Child));
  GtkWidget *child = gtk_widget_get_first_child (widget);
  int height = 0;

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      measure_width (self, widget, minimum, natural);
      return;
    }
  while (child != NULL)
    {
      child = take_line (self, child, for_size < 0 ? G_MAXINT : for_size, line);
      height += get_line_height (line) + (height > 0 && line->len > 0 ? self->spacing : 0);
    }
  *minimum = *natural = height;
}

static void
place_line (HeddleWrapLayout *self,
            GArray *line,
            int width,
            int y,
            gboolean rtl)
{
  int height = get_line_height (line);
  int x = 0;

  for (guint i = 0; i < line->len; i++)
    {
      const Child *child = &g_array_index (line, Child, i);
      int left = rtl ? width - x - child->width : x;

      gtk_widget_allocate (child->widget, child->width, height, -1, gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT (left, y)));
      x += child->width + self->spacing;
    }
}

static void
heddle_wrap_layout_allocate (GtkLayoutManager *manager,
                             GtkWidget *widget,
                             int width,
                             int height,
                             int baseline)
{
  HeddleWrapLayout *self = HEDDLE_WRAP_LAYOUT (manager);
  g_autoptr (GArray) line = g_array_new (FALSE, FALSE, sizeof (Child));
  GtkWidget *child = gtk_widget_get_first_child (widget);
  int y = 0;

  while (child != NULL)
    {
      child = take_line (self, child, width, line);
      place_line (self, line, width, y, gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL);
      y += get_line_height (line) + self->spacing;
    }
}

static GtkSizeRequestMode
heddle_wrap_layout_get_request_mode (GtkLayoutManager *manager,
                                     GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
heddle_wrap_layout_get_property (GObject *object,
                                 guint id,
                                 GValue *value,
                                 GParamSpec *pspec)
{
  g_assert (id == PROP_SPACING);
  g_value_set_int (value, HEDDLE_WRAP_LAYOUT (object)->spacing);
}

static void
heddle_wrap_layout_set_property (GObject *object,
                                 guint id,
                                 const GValue *value,
                                 GParamSpec *pspec)
{
  g_assert (id == PROP_SPACING);
  HEDDLE_WRAP_LAYOUT (object)->spacing = g_value_get_int (value);
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (object));
}

static void
heddle_wrap_layout_class_init (HeddleWrapLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->get_property = heddle_wrap_layout_get_property;
  object_class->set_property = heddle_wrap_layout_set_property;
  layout_class->measure = heddle_wrap_layout_measure;
  layout_class->allocate = heddle_wrap_layout_allocate;
  layout_class->get_request_mode = heddle_wrap_layout_get_request_mode;
  properties[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, 1000, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
heddle_wrap_layout_init (HeddleWrapLayout *self)
{
}
