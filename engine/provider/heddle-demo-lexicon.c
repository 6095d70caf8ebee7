/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-demo-private.h"

#include <string.h>

/*
 * A small dictionary of everyday matters: words of one line mean about the same. "a_b" is "a" directly before
 * "b". A word may stand in several lines. At most 64 lines.
 */
static const char *const lexicon[] = {
  /* money */
  "billing bill billed money finance financial pay payment paid payable invoice charge charged charges overcharge overcharged refund refunded "
  "reimburse price pricing cost fee fees credit debit card bank transaction receipt subscription renewal discount coupon voucher tax vat "
  "dollar euro usd eur amount balance owe debt checkout paypal visa mastercard twice_charge charge_twice double_charge money_back "
  "rechnung zahlung bezahlt abgebucht erstattung geld preis kosten konto_belastet facturation facture paiement factura pago",
  /* technical */
  "technical technic tech bug error crash crashed crashes fail failed failure broken freeze froze frozen hang hangs install installation "
  "update upgrade driver app application software program code exception stack trace server network wifi connection connect timeout slow "
  "lag load loading startup boot launch restart reboot device screen button website page browser sync file version troubleshoot debug "
  "configure configuration setup setting compile api database glitch malfunction outage unresponsive not_work stop_work not_load not_start "
  "not_open computer laptop phone printer technology it technik technisch fehler absturz stürzt kaputt installieren technique erreur error_code "
  "firmware bluetooth battery usb",
  /* account */
  "account accounts login log_in sign_in signin password passcode username user_name profile locked lock_out unlock 2fa authentication "
  "authenticate verify verification register registration signup sign_up reset_password access credentials passwort anmelden",
  /* shipping */
  "shipping shipment ship shipped delivery deliver delivered package parcel courier tracking track order orders arrive arrived late dispatch "
  "logistics warehouse address carrier customs transit lieferung paket versand",
  /* returns */
  "return returns returned exchange replace replacement warranty defect defective damaged damage wrong_size faulty refund send_back garantie",
  /* sales */
  "sales sale buy purchase purchasing quote demo pricing enterprise plan license licence offer trial interested product upgrade vendor "
  "buying order_form seats reseller discount angebot kaufen",
  /* cancelling */
  "cancel cancelled cancellation unsubscribe terminate termination end_subscription close_account stop_subscription churn kündigen kündigung",
  /* praise */
  "positive good great excellent love loved happy amazing wonderful perfect best thank thanks helpful fantastic pleased satisfied enjoy enjoyed nice "
  "recommend awesome brilliant superb delighted like glad impressed outstanding praise compliment favourable gut super toll",
  /* displeasure */
  "negative bad terrible awful hate hated worst poor disappointed disappointing disappointment angry horrible useless unhappy frustrated frustrating annoying annoyed rude "
  "waste regret broken unacceptable disgusting slow complaint complain upset mad sad furious dissatisfied never_again schlecht furchtbar "
  "ärgerlich worse cheap boring ugly dirty cold",
  /* urgency */
  "urgent urgently urgency high critical emergency asap immediately immediate now hurry blocker blocked production_down down outage deadline severe "
  "important quickly today serious losing right_away at_once dringend sofort security breach",
  /* no hurry */
  "low minor cosmetic whenever someday sometime typo suggestion trivial no_rush no_hurry not_urgent curious nice_to_have wondering",
  /* wish */
  "feature request wish would_like suggestion suggest improve improvement enhancement idea propose add please_add support_for dark_mode roadmap "
  "missing_feature could_you_add",
  /* question */
  "question ask asking how what where when why who wonder wondering inquiry enquiry information info explain clarify help_me how_to documentation frage",
  /* spam */
  "spam winner win won prize lottery viagra casino congratulations million bitcoin crypto click_here free claim unsubscribe inheritance "
  "limited_time act_now earn_money guaranteed lucky nigerian selected",
  /* security */
  "security secure hack hacked hacker phishing breach malware virus vulnerability stolen fraud fraudulent unauthorized unauthorised suspicious "
  "exploit attack leak leaked ransomware scam",
  /* law */
  "legal law lawyer attorney court lawsuit contract agreement liability compliance gdpr privacy terms copyright trademark license regulation sue claim",
  /* staff */
  "hr human_resources employee employees hiring hire hired job career vacation leave salary payroll recruit recruiting applicant resume interview benefits "
  "manager onboarding sick",
  /* sports */
  "sports sport football soccer basketball tennis match game team player players coach goal score scored league championship olympic olympics tournament won cup "
  "race athlete season stadium",
  /* politics */
  "politics political government election elections president minister parliament senate vote voters voted party policy law democrat republican "
  "congress campaign candidate diplomatic treaty",
  /* business */
  "business company companies market markets stock stocks shares profit profits revenue earnings merger acquisition investor investors economy economic trade bank "
  "startup ceo quarterly inflation finance industry",
  /* science */
  "science scientific scientist scientists research researchers study experiment physics chemistry biology space nasa planet telescope discovery "
  "genome particle laboratory theory climate",
  /* computing news */
  "technology tech ai artificial_intelligence software hardware chip smartphone google apple microsoft internet robot gadget computing cloud data",
  /* health */
  "health medical medicine doctor hospital patient disease illness sick pain symptom symptoms treatment vaccine virus drug therapy nurse "
  "fever diet fitness clinic surgery cancer headache cough",
  /* entertainment */
  "entertainment movie movies film films music song songs album actor actress singer band concert tv television show series celebrity theatre festival game "
  "hollywood netflix",
  /* travel */
  "travel trip flight flights hotel airline airport vacation tourist tourism booking luggage passport holiday beach train destination reservation reise",
  /* food */
  "food restaurant meal recipe cook cooking eat ate taste tasty delicious pizza dish menu dinner lunch breakfast chef ingredient drink coffee essen",
  /* weather */
  "weather rain rainy sunny snow storm wind temperature forecast cloudy heat cold humid thunder wetter",
  /* schooling */
  "education school student students teacher university college course class learn learning exam lesson homework degree tutor",
  /* greeting */
  "greeting greet hello hi hey good_morning good_evening good_afternoon howdy hallo welcome",
  /* parting */
  "goodbye bye farewell see_you take_care tschüss",
  /* thanks */
  "thanks thank gratitude appreciate grateful danke merci",
  /* joy */
  "joy happy happiness excited delighted cheerful glad thrilled laugh fun",
  /* anger */
  "anger angry furious mad outraged rage annoyed irritated fed_up",
  /* sorrow */
  "sadness sad unhappy cry crying depressed grief lonely heartbroken miss sorrow",
  /* fear */
  "fear afraid scared frightened terrified anxious worried worry nervous panic",
  /* surprise */
  "surprise surprised shocked astonished unexpected unbelievable wow amazed",
  /* nature */
  "nature animal animals dog cat bird fish tree forest plant flower river mountain wildlife pet",
  /* housing */
  "property house home apartment rent tenant landlord mortgage real_estate room flat lease wohnung miete",
  /* cars */
  "automotive car cars vehicle engine driver drive driving tire brake motor garage fuel truck",
  /* office days */
  "schedule scheduling appointment meeting calendar reschedule date time book booking termin availability",
};

#define POSITIVE_LINE 7
#define NEGATIVE_LINE 8

static void
add_meaning (GHashTable *table,
             const char *entry,
             guint line)
{
  g_auto (GStrv) parts = g_strsplit (entry, "_", -1);
  GString *key = g_string_new (NULL);
  guint64 *mask;

  for (char **part = parts; *part != NULL; part++)
    {
      g_autofree char *stem = heddle_demo_stem (*part);

      g_string_append_printf (key, "%s%s", key->len > 0 ? "_" : "", stem);
    }
  mask = g_hash_table_lookup (table, key->str);
  if (mask == NULL)
    {
      mask = g_new0 (guint64, 1);
      g_hash_table_insert (table, g_strdup (key->str), mask);
    }
  *mask |= G_GUINT64_CONSTANT (1) << line;
  g_string_free (key, TRUE);
}

static gpointer
build_table (gpointer data)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  G_STATIC_ASSERT (G_N_ELEMENTS (lexicon) <= 64);
  for (guint line = 0; line < G_N_ELEMENTS (lexicon); line++)
    {
      g_auto (GStrv) entries = g_strsplit (lexicon[line], " ", -1);

      for (char **entry = entries; *entry != NULL; entry++)
        add_meaning (table, *entry, line);
    }
  return table;
}

guint64
heddle_demo_meanings (const char *stem)
{
  static GOnce once = G_ONCE_INIT;
  guint64 *mask = g_hash_table_lookup (g_once (&once, build_table, NULL), stem);

  return mask == NULL ? 0 : *mask;
}

static gboolean
is_negation (const char *stem)
{
  static const char *const words[] = { "not", "no", "never", "don't", "didn't", "doesn't", "isn't", "wasn't", "can't", "won't", "nicht", "kein" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (strcmp (words[i], stem) == 0)
        return TRUE;
    }
  return FALSE;
}

int
heddle_demo_sentiment (const char *text)
{
  g_autoptr (GPtrArray) stems = heddle_demo_list_stems (text);
  int balance = 0;
  guint negated = 0; /* for how many words still */

  for (guint i = 0; i < stems->len; i++)
    {
      const char *stem = g_ptr_array_index (stems, i);
      guint64 mask = heddle_demo_meanings (stem);
      int sign = (int) (mask >> POSITIVE_LINE & 1) - (int) (mask >> NEGATIVE_LINE & 1);

      if (is_negation (stem))
        {
          negated = 3;
          continue;
        }
      balance += negated > 0 ? -sign : sign;
      negated -= negated > 0;
    }
  return balance;
}
