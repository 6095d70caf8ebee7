/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-models.h"

G_BEGIN_DECLS

/*
 * A call of a model as a recorded effect (run/heddle-effects.h): all that decides the answer, files by their digest. Sealed. Names are those of the
 * attributes of the call's span.
 */
JsonNode *heddle_chat_effect_request (const HeddleChatRequest *request) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_chat_effect_response (const HeddleChatResponse *response) G_GNUC_WARN_UNUSED_RESULT;
/* What was recorded. Its usage is that of the call then. */
HeddleChatResponse *heddle_chat_effect_read (JsonNode *response) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
