/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* How much of one answer is believed. */
#define HEDDLE_MEMORY_MAX_ENTITIES 100
#define HEDDLE_MEMORY_MAX_FACTS 200
#define HEDDLE_MEMORY_MAX_ALIASES 8

/* What a model found in a conversation, checked: lines of bounded length, no secrets. */
typedef struct
{
  char *name;
  char *kind;
  GPtrArray *aliases; /* char* */
} HeddleMemoryEntity;
typedef struct
{
  char *subject;
  char *predicate; /* "" in what is revoked: any */
  char *object;    /* same */
  double confidence;
  gboolean replaces; /* other facts of the subject with this predicate no longer hold */
} HeddleMemoryClaim;
typedef struct
{
  GPtrArray *entities; /* HeddleMemoryEntity* */
  GPtrArray *claims;   /* HeddleMemoryClaim* */
  GPtrArray *revoked;  /* HeddleMemoryClaim* */
} HeddleMemoryExtraction;

HeddleMemoryExtraction *heddle_memory_extraction_new (void) G_GNUC_WARN_UNUSED_RESULT;
void heddle_memory_extraction_free (HeddleMemoryExtraction *self);
/* Nothing is added for what is no fact: without subject or object, or a secret. */
void heddle_memory_extraction_add (HeddleMemoryExtraction *self, const char *subject, const char *predicate, const char *object, double confidence, gboolean replaces);
void heddle_memory_extraction_add_entity (HeddleMemoryExtraction *self, const char *name, const char *kind);
/* An answer of a model; NULL with error when it is not of the schema at all. What is odd in it is passed over. */
HeddleMemoryExtraction *heddle_memory_extraction_parse (const char *answer, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is asked. Sealed. known: the facts there are about it, as recall writes them, or NULL. */
JsonNode *heddle_memory_extraction_schema (void) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_memory_extraction_messages (const char *known, const char *question, const char *answer) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleMemoryExtraction, heddle_memory_extraction_free)

G_END_DECLS
