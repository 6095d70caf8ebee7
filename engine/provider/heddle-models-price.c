/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-models-private.h"

static gboolean
lookup (HeddleModels *self,
        const char *reference,
        HeddlePrice *price)
{
  g_autofree char *base_url = heddle_models_dup_base_url (self, reference);

  return heddle_prices_lookup (heddle_models_get_prices (self), reference, base_url, price);
}

void
heddle_models_apply_price (HeddleModels *self,
                           const char *reference,
                           HeddleUsage *usage)
{
  HeddlePrice price;

  g_return_if_fail (HEDDLE_IS_MODELS (self));
  g_return_if_fail (reference != NULL && usage != NULL);

  if (usage->cost < 0 && lookup (self, reference, &price))
    usage->cost = heddle_price_get_cost (&price, usage);
}

gint64
heddle_models_get_context_window (HeddleModels *self,
                                  const char *reference)
{
  HeddlePrice price;

  g_return_val_if_fail (HEDDLE_IS_MODELS (self), -1);
  g_return_val_if_fail (reference != NULL, -1);

  return lookup (self, reference, &price) ? price.context_window : -1;
}

gboolean
heddle_models_get_limits (HeddleModels *self,
                          const char *provider,
                          HeddleRateLimits *limits)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (HEDDLE_IS_MODELS (self), FALSE);
  g_return_val_if_fail (provider != NULL && limits != NULL, FALSE);

  key = heddle_models_dup_rate_key (self, provider);
  return heddle_limits_lookup (heddle_models_get_limits_table (self), key, limits);
}

gboolean
heddle_models_set_limits (HeddleModels *self,
                          const char *provider,
                          const HeddleRateLimits *limits,
                          GError **error)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (HEDDLE_IS_MODELS (self), FALSE);
  g_return_val_if_fail (provider != NULL && limits != NULL, FALSE);

  key = heddle_models_dup_rate_key (self, provider);
  return heddle_limits_set (heddle_models_get_limits_table (self), key, limits, error);
}
