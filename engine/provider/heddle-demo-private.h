/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-demo.h"

G_BEGIN_DECLS

/* Lower-case words of a text in order, each reduced to its stem. Array of char*, with free function. */
GPtrArray *heddle_demo_list_stems (const char *text) G_GNUC_WARN_UNUSED_RESULT;
char *heddle_demo_stem (const char *word) G_GNUC_WARN_UNUSED_RESULT;
/* Words that say nothing about the matter, such as "the". stem as from heddle_demo_stem. */
gboolean heddle_demo_is_common (const char *stem);
/* Sentences and lines, trimmed, none empty. */
GPtrArray *heddle_demo_list_sentences (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* The meanings a word has: one bit for each group of the lexicon; 0 when it is not in it. */
guint64 heddle_demo_meanings (const char *stem);
/* Positive minus negative words, negations turned round. */
int heddle_demo_sentiment (const char *text);
/* English name of the language of a text by its small words; NULL when it cannot be told. */
const char *heddle_demo_detect_language (const char *text);

typedef struct
{
  char *name;        /* as the prompt writes it */
  char *description; /* what the prompt says about it, or NULL */
} HeddleDemoLabel;

/* The labels a prompt lists; NULL when it lists none. rest: the prompt without that part. Array of HeddleDemoLabel*. */
GPtrArray *heddle_demo_find_labels (const char *prompt, char **rest) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *heddle_demo_labels_new (void) G_GNUC_WARN_UNUSED_RESULT;
void heddle_demo_labels_add (GPtrArray *labels, const char *name, const char *description);
/* Index of the label that fits text best. question: what the prompt asks, for yes and no. */
guint heddle_demo_choose_label (GPtrArray *labels, const char *text, const char *question);

/* A value for schema out of text. title: the field's name. New, not sealed. */
JsonNode *heddle_demo_extract (JsonNode *schema, const char *title, const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* A schema from what a prompt says about its JSON (an example object, or a list of keys); NULL when it says nothing. */
JsonNode *heddle_demo_schema_from_prompt (const char *prompt) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a schema is that of engine/memory, and what is to be remembered of its prompt: JSON of that schema. */
gboolean heddle_demo_wants_memory (JsonNode *schema);
char *heddle_demo_remember (const char *prompt) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The calls of tools that fit the question and what earlier calls of this turn answered, each tool once a turn; NULL: rather
 * answer. And those answers, as numbered passages; NULL: there are none.
 */
JsonNode *heddle_demo_call_tools (const HeddleChatRequest *request, const char *question) G_GNUC_WARN_UNUSED_RESULT;
char *heddle_demo_list_results (JsonNode *messages) G_GNUC_WARN_UNUSED_RESULT;

/* The sentences of text nearest to question, with [n] when text has numbered passages. */
char *heddle_demo_summarise (const char *text, const char *question) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
