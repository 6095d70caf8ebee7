/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-palette.h"

#include <math.h>

#define RGBA(hex, a)                 \
  {                                  \
    (((hex) >> 16) & 0xff) / 255.f,  \
      (((hex) >> 8) & 0xff) / 255.f, \
      ((hex) &0xff) / 255.f,         \
      (a)                            \
  }
#define RGB(hex) RGBA (hex, 1.f)

static const HeddleCanvasPalette light = {
  .canvas = RGB (0xfafafb),
  .dot = RGB (0xd4d4d9),
  .card = RGB (0xffffff),
  .border = RGB (0xd5d5da),
  .block = RGB (0xd5d5da),
  .shadow = RGBA (0x000006, .05f),
  .text = RGB (0x2a2a2f),
  .dim = RGB (0x68676d),
  .accent = RGB (0x1c71d8),
  .ok = RGB (0x197a4b),
  .error = RGB (0xc01c28),
  .warning = RGB (0x9c5700),
  .edge = RGB (0x7f7e85),
  .port = RGB (0x85848a),
  .note = RGB (0xfdf3c1),
  .note_border = RGB (0xe3cf79),
  .note_text = RGB (0x4f4010),
  .frame = RGBA (0x5e5c64, .05f),
  .frame_border = RGB (0xb9b9c0),
  .category = {
    [HEDDLE_CATEGORY_START] = RGB (0x1a7f4f),
    [HEDDLE_CATEGORY_MODELS] = RGB (0x813d9c),
    [HEDDLE_CATEGORY_LOGIC] = RGB (0xb84100),
    [HEDDLE_CATEGORY_DATA] = RGB (0x1a5fb4),
    [HEDDLE_CATEGORY_FINISH] = RGB (0x3d3846),
  },
  .badge_alpha = .15f,
  .tint_alpha = .07f,
  .border_width = 1,
  .faint = .5f,
};

static const HeddleCanvasPalette dark = {
  .canvas = RGB (0x1c1c1e),
  .dot = RGB (0x37373b),
  .card = RGB (0x2d2d31),
  .border = RGB (0x45454b),
  .block = RGB (0x45454b),
  .shadow = RGBA (0x000000, .25f),
  .text = RGB (0xf4f4f6),
  .dim = RGB (0xa9a8b0),
  .accent = RGB (0x78aeed),
  .ok = RGB (0x57e389),
  .error = RGB (0xff8b84),
  .warning = RGB (0xf8c358),
  .edge = RGB (0x86858d),
  .port = RGB (0x93929a),
  .note = RGB (0x46401f),
  .note_border = RGB (0x6f6631),
  .note_text = RGB (0xf6ecc4),
  .frame = RGBA (0xffffff, .035f),
  .frame_border = RGB (0x58585f),
  .category = {
    [HEDDLE_CATEGORY_START] = RGB (0x57e389),
    [HEDDLE_CATEGORY_MODELS] = RGB (0xe09be0),
    [HEDDLE_CATEGORY_LOGIC] = RGB (0xffa857),
    [HEDDLE_CATEGORY_DATA] = RGB (0x84b6f2),
    [HEDDLE_CATEGORY_FINISH] = RGB (0xc8c7c4),
  },
  .badge_alpha = .2f,
  .tint_alpha = .09f,
  .border_width = 1,
  .faint = .5f,
};

static const HeddleCanvasPalette light_contrast = {
  .canvas = RGB (0xffffff),
  .dot = RGB (0xb0b0b5),
  .card = RGB (0xffffff),
  .border = RGB (0x4a4a50),
  .block = RGB (0x97979c),
  .shadow = RGBA (0x000000, 0.f),
  .text = RGB (0x000000),
  .dim = RGB (0x3a3a40),
  .accent = RGB (0x0b4ea2),
  .ok = RGB (0x0b5a34),
  .error = RGB (0x98101b),
  .warning = RGB (0x6b3a00),
  .edge = RGB (0x4f4f55),
  .port = RGB (0x3a3a40),
  .note = RGB (0xfff6c9),
  .note_border = RGB (0x5c4a00),
  .note_text = RGB (0x1c1600),
  .frame = RGBA (0x000000, .03f),
  .frame_border = RGB (0x4a4a50),
  .category = {
    [HEDDLE_CATEGORY_START] = RGB (0x0b5a34),
    [HEDDLE_CATEGORY_MODELS] = RGB (0x5f2478),
    [HEDDLE_CATEGORY_LOGIC] = RGB (0x8a3000),
    [HEDDLE_CATEGORY_DATA] = RGB (0x0d438a),
    [HEDDLE_CATEGORY_FINISH] = RGB (0x1e1b24),
  },
  .badge_alpha = .1f,
  .tint_alpha = .05f,
  .border_width = 2,
  .faint = .7f,
};

static const HeddleCanvasPalette dark_contrast = {
  .canvas = RGB (0x000000),
  .dot = RGB (0x55555a),
  .card = RGB (0x121214),
  .border = RGB (0xc8c8ce),
  .block = RGB (0x65656b),
  .shadow = RGBA (0x000000, 0.f),
  .text = RGB (0xffffff),
  .dim = RGB (0xd8d8de),
  .accent = RGB (0xa8d0ff),
  .ok = RGB (0x8ff0a4),
  .error = RGB (0xffb3ae),
  .warning = RGB (0xffdd8a),
  .edge = RGB (0xc0c0c6),
  .port = RGB (0xd8d8de),
  .note = RGB (0x2b2610),
  .note_border = RGB (0xf6d32d),
  .note_text = RGB (0xfffbe6),
  .frame = RGBA (0xffffff, .06f),
  .frame_border = RGB (0xc8c8ce),
  .category = {
    [HEDDLE_CATEGORY_START] = RGB (0x8ff0a4),
    [HEDDLE_CATEGORY_MODELS] = RGB (0xf0b8f0),
    [HEDDLE_CATEGORY_LOGIC] = RGB (0xffc48a),
    [HEDDLE_CATEGORY_DATA] = RGB (0xb5d6ff),
    [HEDDLE_CATEGORY_FINISH] = RGB (0xf0f0ee),
  },
  .badge_alpha = .15f,
  .tint_alpha = .08f,
  .border_width = 2,
  .faint = .7f,
};

const HeddleCanvasPalette *
heddle_canvas_palette_get (gboolean is_dark, gboolean high_contrast)
{
  if (high_contrast)
    return is_dark ? &dark_contrast : &light_contrast;
  return is_dark ? &dark : &light;
}

GdkRGBA
heddle_canvas_palette_mix (const GdkRGBA *bottom, const GdkRGBA *top, float alpha)
{
  return (GdkRGBA){
    bottom->red + (top->red - bottom->red) * alpha,
    bottom->green + (top->green - bottom->green) * alpha,
    bottom->blue + (top->blue - bottom->blue) * alpha,
    1.f,
  };
}

static double
linearize (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
luminance (const GdkRGBA *color)
{
  return 0.2126 * linearize (color->red) + 0.7152 * linearize (color->green) + 0.0722 * linearize (color->blue);
}

double
heddle_canvas_palette_contrast (const GdkRGBA *a, const GdkRGBA *b)
{
  double first = luminance (a);
  double second = luminance (b);

  return (MAX (first, second) + 0.05) / (MIN (first, second) + 0.05);
}
