/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "common/heddle-adaptive-bin.h"
#include "library/heddle-start-page.h"
#include "run/heddle-input-form.h"
#include "window/heddle-active-popover.h"
#include "window/heddle-editor.h"
#include "window/heddle-problem-popover.h"
#include "window/heddle-question-notifications.h"
#include "window/heddle-question-popover.h"
#include "window/heddle-window.h"

G_BEGIN_DECLS

struct _HeddleWindow
{
  AdwApplicationWindow parent_instance;

  /* Template widgets */
  HeddleAdaptiveBin *adaptive;
  AdwHeaderBar *header;
  GtkWidget *new_button;
  GtkWidget *sidebar_button;
  GtkWidget *inspector_button;
  GtkMenuButton *menu_button;
  GtkWidget *bottom_bar; /* for what has no room in the header of a narrow window */
  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwBin *start_bin;
  AdwTabView *tabs;
  GtkWidget *tab_bar;
  GtkWidget *home_button;
  GtkMenuButton *title_button;
  GtkLabel *title_label;
  GtkLabel *subtitle_label;
  GtkWidget *run_button;
  GtkMenuButton *run_menu_button;
  GtkMenuButton *tabs_button; /* lists the open workflows */
  AdwButtonContent *run_content;
  GtkMenuButton *active_button;
  AdwButtonContent *active_content;
  AdwBin *questions_bin;        /* in the header */
  AdwBin *narrow_questions_bin; /* in the bar of a narrow window */
  GtkMenuButton *questions_button;
  AdwButtonContent *questions_content;
  GtkMenuButton *problems_button;
  AdwButtonContent *problems_content;
  GtkWidget *editor_controls;
  GtkWidget *edit_buttons;
  AdwEntryRow *name_row;
  AdwEntryRow *description_row;

  /* Owned by the widget tree */
  HeddleStartPage *start_page;
  GtkWidget *input_form;
  HeddleProblemPopover *problem_popover;
  HeddleActivePopover *active_popover;
  HeddleQuestionPopover *question_popover;

  /* Borrowed */
  const HeddleServices *services;
  AdwToast *last_toast; /* weak: what was told last, while it is there */

  /* Owned */
  GSettings *settings;
  GCancellable *cancellable; /* of what is read for the window; cancelled when it goes */
  GSignalGroup *session_signals;
  GSignalGroup *document_signals;
  GSignalGroup *past_signals;     /* of the session's past runs */
  char *run_to_show;              /* by the editor that is shown next, or NULL */
  char *run_until;                /* the node at which the run that the form is for ends, or NULL */
  gboolean run_steps;             /* that run stands still before its first node */
  HeddleOpenQuestions *questions; /* of all runs */
  HeddleQuestionNotifications *notifications;
  char **question_to_open;  /* run and question, once the list is read again; or NULL */
  char *run_to_resume;      /* so that it asks, once its workflow is open; or NULL */
  char *workflow_to_resume; /* of that run */
  gint64 run_asked;         /* monotonic: when the button or key for both last started a run */
  gboolean is_restoring;    /* tabs are on their way from the store */
  gboolean updating;        /* the entries are being filled, not typed into */
};

HeddleEditor *_heddle_window_get_editor (HeddleWindow *self);
HeddleSession *_heddle_window_get_session (HeddleWindow *self);
/* NULL: what was told last is over. */
void _heddle_window_tell (HeddleWindow *self, const char *message);
/* What came of an export: that it is done, or why not. */
void _heddle_window_tell_written (HeddleWindow *self, GFile *file, GAsyncResult *result);
/* Replaces the file with that, and tells so. */
void _heddle_window_write_file (HeddleWindow *self, GFile *file, GBytes *bytes);
/* A toast with an Undo-like button that activates the action with the target (floating or NULL). */
void _heddle_window_offer (HeddleWindow *self, const char *message, const char *label, const char *action, GVariant *target);
void _heddle_window_show_editor (HeddleWindow *self, HeddleEditor *editor);
/* Opens a document in a new tab. */
HeddleEditor *_heddle_window_add_document (HeddleWindow *self, HeddleDocument *document, gboolean is_new);
void _heddle_window_show_start (HeddleWindow *self);
/* As the tab view's "close-page": asks first where a run is at work in it. */
gboolean _heddle_window_close_page (HeddleWindow *self, AdwTabPage *page);
/* Closes the tab whatever runs in it. */
void _heddle_window_close_unasked (HeddleWindow *self, AdwTabPage *page);
/* Imports text as a new workflow with an id of its own. */
gboolean _heddle_window_import_text (HeddleWindow *self, const char *text, gssize length, GError **error);
void _heddle_window_run (HeddleWindow *self);
/* Runs at once, or asks for the input first. until: see heddle_session_run (). */
void _heddle_window_begin_run (HeddleWindow *self, const char *until);
/* Of the menu button beside Run, for what is selected now. */
void _heddle_window_fill_run_menu (GtkMenuButton *button, gpointer window);
/* What a run of the open workflow may cost, in a sentence; NULL when it asks no model. */
char *_heddle_window_dup_estimate (HeddleWindow *self) G_GNUC_WARN_UNUSED_RESULT;

void _heddle_window_install_actions (GtkWidgetClass *widget_class);
void _heddle_window_install_open_actions (GtkWidgetClass *widget_class);
void _heddle_window_install_pin_actions (GtkWidgetClass *widget_class);
void _heddle_window_install_file_actions (GtkWidgetClass *widget_class);
/* heddle-window-diagrams.c */
void _heddle_window_install_diagram_actions (GtkWidgetClass *widget_class);
/* heddle-window-templates.c */
void _heddle_window_install_template_actions (GtkWidgetClass *widget_class);
void _heddle_window_install_memory_actions (GtkWidgetClass *widget_class);
/* Of an object, or an empty one. */
JsonObject *_heddle_window_copy_members (JsonNode *node) G_GNUC_WARN_UNUSED_RESULT;
void _heddle_window_install_subflow_actions (GtkWidgetClass *widget_class);
/* The stored workflow with the edits that came after its last save; with an error, as far as they can be read. */
HeddleDocument *_heddle_window_restore (const HeddleWorkflowInfo *info, JsonNode *journal, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The tab it is open in, or NULL. */
HeddleEditor *_heddle_window_find_open (HeddleWindow *self, const char *workflow_id);
/* In a new tab, with its history; asks when another program has it open, unless it is to be taken over. */
void _heddle_window_open_stored (HeddleWindow *self, const char *id, gboolean take_over);
/* A run that stands still before its first node. */
void _heddle_window_begin_stepping (HeddleWindow *self);
void _heddle_window_install_break_actions (GtkWidgetClass *widget_class);
void _heddle_window_install_run_actions (GtkWidgetClass *widget_class);
/* Goes on with an interrupted run of the open workflow; nothing when another is under way by then. */
void _heddle_window_resume (HeddleWindow *self, HeddleSession *session, const char *run);
void _heddle_window_follow_questions (HeddleWindow *self);
void _heddle_window_forget_questions (HeddleWindow *self);
void _heddle_window_install_question_actions (GtkWidgetClass *widget_class);
/* What was chosen from the questions, if it was a run of this workflow. */
void _heddle_window_resume_to_ask (HeddleWindow *self, HeddleSession *session);
/* Opens a workflow and shows a past run of it. */
void _heddle_window_open_run (HeddleWindow *self, const char *workflow, const char *run);
/* Shows what heddle_store_open_workflow_async () read, as _heddle_window_open_stored () does. */
void _heddle_window_take_opened (HeddleWindow *self, GAsyncResult *result, GError **error);
void _heddle_window_follow_tabs (HeddleWindow *self);
/* Shows at its tab what goes on in a workflow. */
void _heddle_window_follow_page (HeddleWindow *self, AdwTabPage *page, HeddleSession *session);
void _heddle_window_fill_tabs_menu (GtkMenuButton *button, gpointer user_data);
void _heddle_window_install_tab_actions (GtkWidgetClass *widget_class);
void _heddle_window_remember_tabs (HeddleWindow *self);
void _heddle_window_install_command_actions (GtkWidgetClass *widget_class);
void _heddle_window_install_export_actions (GtkWidgetClass *widget_class);
void _heddle_window_update_run_actions (HeddleWindow *self);
/* Shows what there is room for. */
void _heddle_window_update_room (HeddleWindow *self);
/* The button of open questions, which is where there is room for it. */
void _heddle_window_place_questions (HeddleWindow *self);
void _heddle_window_bind_size (HeddleWindow *self);
void _heddle_window_add_run_shortcuts (HeddleWindow *self);
void _heddle_window_update_actions (HeddleWindow *self);
void _heddle_window_delete_workflow (HeddleWindow *self, const char *id, const char *name);

G_END_DECLS
