# English. E-mails to those who sign, and the pages that the links in them lead to.
# The same keys stand in every language. Nothing that a signer typed stands in an e-mail.

## The e-mail that asks

confirm-subject = Please confirm: { $title }
confirm-why = Somebody, we hope you, gave this address to sign “{ $title }”:
confirm-act = If that was you, please confirm it. Only then does it count.
confirm-button = Confirm my signature
confirm-ignore = If it was not you, do nothing. You are not counted, and what was given is deleted { $days ->
    [one] after one day
   *[other] after { $days } days
}.

## The e-mail to those who have signed

known-subject = You have signed already: { $title }
known-why = Somebody, we hope you, gave this address once more to sign “{ $title }”. You have signed already, and everybody counts once.
known-act = Here you see what you signed. You can correct it, or take it back.
known-button = See my signature
known-ignore = If it was not you, there is nothing to do. Nobody was told that you have signed.

## Below every e-mail

mail-link = If the button does not work, open this address:
mail-from = This e-mail comes from { $controller }, because this address was typed into a form. Questions: { $contact }

## In the widget

check-email = We have sent you an e-mail. Your signature counts once you press the button that it leads to. Nothing there? Look among the spam, or sign again later.
check-privacy = We send an e-mail to your address to confirm it. What is not confirmed is deleted { $days ->
    [one] after one day
   *[other] after { $days } days
}.

## The page that confirms

asks-title = One more step
asks-as = You sign as { $name }, { $country }.
asks-message = Your message: { $message }
asks-public = Your name is shown in public.
asks-private = Your name is not shown in public.
asks-updates = You want to be told when there is a way to act.
asks-not-you = Not what you wanted? Close this page: then nothing counts, and it is deleted.
asks-changed = This was changed a moment ago. Please look again before you confirm.
asks-manage = Correct or erase it
confirmed-title = Thank you, { $name }.
confirmed-number = Your signature counts. You are number { $number }.
confirmed-again = Your signature counts.
confirmed-manage = See, correct or take back my signature
confirmed-campaign = To the campaign
over-title = This campaign is over.
over-text = Your signature can no longer be confirmed. What you gave is deleted on time.
gone-title = This link does not work.
gone-text = It may be too old, incomplete, or of a signature that was taken back or erased. While the campaign is open, you can sign again on its page; then you get a new link.

## The page of one's own signature

manage-title = Your signature
manage-counted = It counts. Signed on { $date }.
manage-waiting = It does not count yet: please open the link in the e-mail that asks you to confirm.
manage-withdrawn = You have taken it back. It does not count.
manage-removed = The organizers have taken it out of the number. Questions: { $contact }
manage-what = What we have of you
manage-name = Name
manage-email = E-mail
manage-country = Country
manage-message = Message
manage-public = Show my name in public
manage-updates = Tell me when there is a way to act
manage-save = Save changes
manage-saved = Saved.
manage-withdraw-title = Take my signature back
manage-withdraw-text = The number falls by one. What you gave stays until it is deleted with everybody’s. You may sign again.
manage-withdraw-button = Take it back
manage-erase-title = Erase everything
manage-erase-text = Signature, name, address and message are deleted at once. If it counts, the number falls by one. This cannot be undone.
manage-erase-sure = Yes, erase everything
manage-erase-button = Erase
manage-erase-unsure = Tick the box to say that you are sure.
manage-kept = Your data is deleted on time in any case: { $days ->
    [one] one day
   *[other] { $days } days
} after the campaign ends, or after you signed where it has no end.
manage-kept-waiting = What is not confirmed is deleted { $days ->
    [one] after one day
   *[other] after { $days } days
}.
erased-title = Everything is erased.
erased-text = We have nothing of you any more. This link does not work again.
