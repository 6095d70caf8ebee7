/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-fake-server.h"
#include "provider/heddle-models.h"

G_BEGIN_DECLS

/* A model that says what a test tells it to, in order: Chat Completions without streaming, over a fake server. */

/* Models whose provider "fake" is the server; its models have any name, such as "fake/m". */
HeddleModels *heddle_fake_model_new_models (HeddleFakeServer *server) G_GNUC_WARN_UNUSED_RESULT;

void heddle_fake_model_push_text (HeddleFakeServer *server, const char *text);
/* calls: JSON array of {"id","name","arguments"}; arguments that are text are sent as they are, valid or not. */
void heddle_fake_model_push_calls (HeddleFakeServer *server, const char *calls);
/* From now on every answer is these calls. */
void heddle_fake_model_repeat_calls (HeddleFakeServer *server, const char *calls);

/* The body of a request. */
JsonNode *heddle_fake_model_dup_request (HeddleFakeServer *server, guint index) G_GNUC_WARN_UNUSED_RESULT;
/* The message of a request at that place, from the end when negative. New reference. */
JsonNode *heddle_fake_model_dup_message (HeddleFakeServer *server, guint request, int index) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
