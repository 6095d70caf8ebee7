/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-fake-server.h"
#include "net/heddle-http.h"
#include "provider/heddle-models.h"

G_BEGIN_DECLS

/* A provider of some kind whose server replays recorded bytes, and one chat with it at a time. */
typedef struct
{
  HeddleFakeServer *server;
  HeddleHttp *http;
  HeddleModels *models;
  GString *streamed;
  GString *reasoned;
  HeddleChatRequest request; /* tools "weather.get" and "time", a user's message, streaming */
  gboolean cancels;          /* at the first piece of text */
  GCancellable *cancellable;
  HeddleChatResponse *response;
  HeddleEmbeddings *embeddings;
  char **names;
  GError *error;
  gboolean done;
} HeddleProviderFixture;

void heddle_provider_fixture_set_up (HeddleProviderFixture *self);
void heddle_provider_fixture_tear_down (HeddleProviderFixture *self);
/* The provider "fake" becomes one of this kind; profile may be NULL. */
void heddle_provider_fixture_choose (HeddleProviderFixture *self, const char *kind, const char *profile);
/* Sends request and waits for its end. */
void heddle_provider_fixture_chat (HeddleProviderFixture *self);
void heddle_provider_fixture_list (HeddleProviderFixture *self);
void heddle_provider_fixture_embed (HeddleProviderFixture *self, const char *const *texts);
/* The bytes of tests/data/providers/name. */
char *heddle_provider_fixture_read (const char *name, gsize *length);
/* The next reply is the file name, as a stream or JSON by its ending. */
void heddle_provider_fixture_push (HeddleProviderFixture *self, const char *name, HeddleFakeSplit split);
/* What was sent last, from its body. */
JsonNode *heddle_provider_fixture_get_body (HeddleProviderFixture *self);
/*
 * "text|reasoning|finish reason|call{arguments} …|usage", where usage is input/read/written/for long/output/reasoning, with
 * "-" for what is not known and "~" before what is estimated; or "error: class: message".
 */
char *heddle_provider_fixture_describe (HeddleProviderFixture *self);
void heddle_provider_fixture_set_messages (HeddleProviderFixture *self, const char *json);

G_END_DECLS
