/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge/heddle-knowledge.h"

void
heddle_knowledge_info_free (HeddleKnowledgeInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->name);
  g_free (info->description);
  g_free (info->embedding_model);
  g_free (info->server_url);
  g_free (info->server_credential);
  g_free (info);
}

void
heddle_document_info_free (HeddleDocumentInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->title);
  g_free (info->source);
  g_free (info->mime);
  g_free (info->error);
  g_free (info);
}

void
heddle_ingest_result_free (HeddleIngestResult *result)
{
  if (result == NULL)
    return;
  g_free (result->first_error);
  g_free (result->first_skipped);
  g_free (result);
}

void
heddle_passage_free (HeddlePassage *passage)
{
  if (passage == NULL)
    return;
  g_free (passage->title);
  g_free (passage->source);
  g_free (passage->heading);
  g_free (passage->text);
  g_free (passage);
}
