/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogs/heddle-about.h"

#include "heddle-config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

GtkWidget *
heddle_about_new (void)
{
  GtkWidget *window = adw_about_window_new ();
  AdwAboutWindow *about = ADW_ABOUT_WINDOW (window);

  adw_about_window_set_application_name (about, _ ("Heddle"));
  adw_about_window_set_application_icon (about, HEDDLE_APPLICATION_ID);
  adw_about_window_set_version (about, HEDDLE_VERSION);
  adw_about_window_set_developer_name (about, _ ("The Heddle developers"));
  adw_about_window_set_comments (about, _ ("Wire language models and tools together, run them, and see what every step did."));
  adw_about_window_set_license_type (about, GTK_LICENSE_GPL_3_0);
  /* Translators: your names, one a line. */
  adw_about_window_set_translator_credits (about, _ ("translator-credits"));
  return window;
}
