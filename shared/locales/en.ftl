# English. Keys are grouped by section; the same keys stand in every language.
# Errors stand beside a field or above the form: they say what to do.

## Errors beside a field

error-name-missing = Please tell us your name.
error-name-too-long = Please use a shorter name: at most 120 characters.
error-name-forbidden = This name holds invisible characters. Please type it again by hand.
error-name-url = Please give just your name, without a web address.
error-email-missing = Please tell us your e-mail address.
error-email-invalid = Please give an address like name@example.org.
error-email-too-long = This address is too long. Please check it, or use another.
error-country-missing = Please choose the country you live in.
error-country-unknown = Please choose a country from the list.
error-locale-invalid = We do not know this language. Please choose one from the list.
error-message-too-long = Please shorten your message: at most 500 characters.
error-message-forbidden = This message holds invisible characters. Please type it again by hand.
error-field-not-asked = This campaign does not ask for this. Please leave it out.
error-field-too-long = This is too long. Please shorten it.
error-field-invalid = This does not look right. Please check it.
error-field-unknown = This form has no such field. Please load the page again.
error-field-missing = Please fill this in.

## Errors of the whole form

error-invalid-input = Some fields need another look.
error-malformed-json = Your pledge did not reach us whole. Please send it again.
error-unsupported-media-type = Your pledge did not reach us in a form we can read. Please load the page again.
error-body-too-large = This is more than we can take. Please shorten your message.
error-idempotency-key-invalid = Something went wrong on the way. Please load the page again.
error-idempotency-key-reused = This form was already sent with other words. Please load the page again before you change it.
error-idempotency-in-flight = Your pledge is on its way. Please wait a moment.
error-campaign-not-found = There is no such campaign. Please check the address of this page.
error-campaign-not-open = This campaign is not open yet. Please come back soon.
error-campaign-closed = This campaign is closed. Thank you for wanting to join.
error-slug-taken = There is a campaign of this name. Choose another.
error-changed-meanwhile = Somebody else has changed this meanwhile. Load it again.
error-origin-not-allowed = This site may not take pledges for this campaign. Please sign on the campaign’s own page.
error-rendered-invalid = This page has been open for too long. Please load it again.
error-rate-limited = Many pledges are coming from your network right now. Please try again in a few minutes.
error-too-many-streams = There are many visitors right now. The number is refreshed less often.
error-webhook-url-refused = Give an address that begins with https:// and leads to a public server.
error-webhook-event-unknown = There is no such event. There are pledge.signed, pledge.confirmed, pledge.withdrawn and goal.reached.
error-too-many-webhooks = A campaign has at most 20 webhooks.
error-busy = Very many people are signing right now. Please try again in a moment.
error-unavailable = We cannot store pledges right now. What you typed is kept: please try again in a moment.
error-unauthorized = Please sign in to see this.
error-forbidden = Your role may not do this. An owner of your organization can change it, under Team.
error-state-conflict = This is not possible in the state that it is in now.
error-sign-in-failed = Address and password do not go together. Please try again.
error-sign-in-again = This needs a sign-in of the last ten minutes. Please sign out, sign in, and do it again.
error-csrf-refused = This was not sent by our own page. Please load the page again.
error-password-too-short = Please use at least 12 characters. A few words make a good password.
error-password-too-long = Please use at most 256 characters.
error-password-common = Others would try this password among the first. Please choose another.
error-password-wrong = This is not your present password.
error-passkey-refused = This passkey cannot be used here. Please try another way.
error-passkeys-impossible = Passkeys work where this server has a host name and https.
error-last-owner = Somebody must remain the owner. Please make somebody else an owner first.
error-last-way-in = This is your last way in. Please set a password or add another passkey first.
error-already-member = This address belongs to the team already. For a new way in, use the button beside the member.
error-name-taken = Something has this name already. Please choose another.
error-not-found = There is nothing here. Please check the address.
error-method-not-allowed = This address cannot do that.
error-bad-request = We could not understand this. Please load the page again.
error-timeout = That took too long. Please check your connection and try again.
error-internal = Something went wrong on our side. Please try again in a moment.

## The widget: the number

counter-of = of { $goal } pledges
counter-pledges = { $total ->
    [one] pledge
   *[other] pledges
}
counter-bar = The way to the goal
counter-pause = Pause the number
counter-resume = Let the number move again
counter-spoken = { $total ->
    [one] { $total } pledge
   *[other] { $total } pledges
}
countries-title = Where most people signed

## The widget: how fresh the number is

status-first = Be among the first.
status-countries = { $count ->
    [one] From one country so far
   *[other] From { $count } countries so far
}
status-live = Live · someone in { $country } signed just now
status-paused = Paused
status-lost = Reconnecting ·
status-offline = You are offline ·
age-seconds = last update { $count } s ago
age-minutes = last update { $count } min ago
status-removed = Some signatures were removed.
status-recount = The number was counted again and corrected.
status-closed = Closed
status-not-open = Not open yet

## The big screen

screen-join = Sign with your phone
screen-latest = Just now
screen-full = Full screen
screen-leave = Leave full screen

## The widget: the form

field-name = Your name
field-email = E-mail
field-email-hint = To count you once. Never shown.
field-country = Country
field-country-choose = Choose…
field-message = Why you sign (optional)
field-message-hint = At most 500 characters.
field-public-name = Show my name in public
field-updates = Tell me when there is a way to act (about twice a month)
did-you-mean = Did you mean { $email }?
sending = Sending…
notice-offline = You are offline. What you typed is kept and is sent when the network is back.
notice-retrying = This takes longer than usual. Your pledge is kept; next try in { $count } s.
notice-limited = Many people are signing from your network. You can try again in { $count ->
    [one] one second
   *[other] { $count } seconds
}.
notice-limited-minutes = Many people are signing from your network. You can try again in { $count ->
    [one] one minute
   *[other] { $count } minutes
}.

## The widget: what happens to the data

privacy-title = What happens to my data
privacy-kept = Your data is deleted { $days ->
    [one] one day
   *[other] { $days } days
} after the campaign ends. The count stays.
privacy-kept-signing = Your data is deleted { $days ->
    [one] one day
   *[other] { $days } days
} after you sign. The count stays.
privacy-views = How often this page is seen, and how often people begin to sign or share it, is counted without cookies, addresses or identifiers.
privacy-policy = Full policy

## The widget: after signing

signed-thanks = Thank you, { $name }.
signed-number = You are number { $number }.
signed-receipt = Your receipt: { $code }
signed-again = Someone else signs here
share-title = Bring one more person
share-share = Share
share-copy = Copy link
share-copied = Copied
share-mail = E-mail

## The widget: before and after

not-open-title = This campaign is not open yet.
opens-at = It opens on { $date }.
closed-title = This campaign is over. Thank you to everyone who signed.
closed-at = It closed on { $date }.
language = Language:
month-01 = January
month-02 = February
month-03 = March
month-04 = April
month-05 = May
month-06 = June
month-07 = July
month-08 = August
month-09 = September
month-10 = October
month-11 = November
month-12 = December
