/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* In the order of their groups where nothing else tells them apart. */
typedef enum
{
  HEDDLE_COMMAND_ACTION,    /* target: name of an action */
  HEDDLE_COMMAND_NODE,      /* id of a node of the open workflow */
  HEDDLE_COMMAND_WORKFLOW,  /* id */
  HEDDLE_COMMAND_TYPE,      /* id of a node type */
  HEDDLE_COMMAND_TEMPLATE,  /* id */
  HEDDLE_COMMAND_RUN,       /* id; detail: that of its workflow */
  HEDDLE_COMMAND_KNOWLEDGE, /* name of a base */
  HEDDLE_COMMAND_SETTING,   /* name of a page */
  HEDDLE_COMMAND_HELP,      /* name of a page */
  HEDDLE_N_COMMAND_KINDS
} HeddleCommandKind;

/* Something that can be chosen in the command palette. Plain data: what it does is done by the window. */
typedef struct
{
  HeddleCommandKind kind;
  char *target;
  char *detail;
  char *title;
  char *subtitle;   /* or NULL */
  char *keys;       /* for gtk_accelerator_parse (), or NULL */
  char *icon;       /* name */
  char *icon_class; /* of CSS, or NULL */
  int recent;       /* -1, or how long ago it was chosen, as a rank; the palette's */
} HeddleCommand;

HeddleCommand *heddle_command_new (HeddleCommandKind kind, const char *target, const char *title, const char *icon) G_GNUC_WARN_UNUSED_RESULT;
void heddle_command_free (HeddleCommand *self);
const char *heddle_command_kind_get_title (HeddleCommandKind kind); /* translated, of the group */
/* What it is remembered by. */
char *heddle_command_dup_key (const HeddleCommand *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleCommand, heddle_command_free)

/* An action as people find it: title, and keys or NULL. */
typedef struct
{
  const char *name;
  const char *title; /* not translated yet */
  const char *keys;
  const char *icon;
} HeddleCommandAction;
/* All actions of the window and the canvas that need no parameter; ends with a name of NULL. */
const HeddleCommandAction *heddle_command_list_actions (void);

G_END_DECLS
