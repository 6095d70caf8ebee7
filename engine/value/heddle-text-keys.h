/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Texts that look like keys and passwords: the forms that issuers document, and what stands where a secret usually
 * stands. A PCRE alternation without a group around it.
 */
#define HEDDLE_KEY_PATTERN                                \
  "\\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}"                 \
  "|\\bgh[pousr]_[A-Za-z0-9]{20,}|\\bgithub_pat_\\w{20,}" \
  "|\\bglpat-[\\w-]{16,}|\\bxox[abeoprs]-[\\w-]{10,}"     \
  "|\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b|\\bAIza[\\w-]{30,}"   \
  "|\\bya29\\.[\\w-]{20,}|\\bhf_[A-Za-z0-9]{20,}"         \
  "|\\bgsk_[A-Za-z0-9]{20,}|\\bxai-[A-Za-z0-9]{20,}"      \
  "|\\beyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*"              \
  "|-----BEGIN [A-Z ]*PRIVATE KEY-----"                   \
  "|\\b(?i:bearer|basic)\\s+[\\w.+/=~-]{12,}"             \
  "|://[^/\\s:@{}]+:[^/\\s@{}]{3,}@"                      \
  "|[?&](?i:api[-_]?key|key|token|access_token|secret|password|passwd|pwd|sig)=[^&\\s{}]{8,}"

G_END_DECLS
