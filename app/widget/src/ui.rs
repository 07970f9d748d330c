//! The signals that every view reads.

use countersign_shared::WidgetState;
use leptos::prelude::*;

use crate::count::Count;
use crate::form::Form;
use crate::words::Words;

/// What the widget knows. Changing one of these is all it takes to change what is seen.
#[derive(Clone, Copy)]
pub struct Ui {
    pub words: RwSignal<Words>,
    pub form: RwSignal<Form>,
    pub count: RwSignal<Count>,
    /// The number on the way from the last total to the next.
    pub shown: RwSignal<u64>,
    /// What a screen reader is told.
    pub spoken: RwSignal<String>,
}

/// A text that follows the signals it reads. Boxed, so that all of them share their code.
pub type Text = Box<dyn FnMut() -> String + Send>;

/// A yes or no that follows the signals it reads.
pub type Flag = Box<dyn FnMut() -> bool + Send>;

/// A text that may be absent, such as an attribute.
pub type Maybe = Box<dyn FnMut() -> Option<String> + Send>;

impl Ui {
    /// Signals for a state. Needs an owner.
    pub fn new(state: &WidgetState) -> Self {
        Self {
            words: RwSignal::new(Words::of(state)),
            form: RwSignal::new(Form::of(state)),
            count: RwSignal::new(Count::of(state)),
            shown: RwSignal::new(state.campaign.totals.total.unwrap_or(0)),
            spoken: RwSignal::new(String::new()),
        }
    }

    /// A message without arguments.
    pub fn say(self, key: &'static str) -> Text {
        self.text(move |words| words.say(key))
    }

    /// A text made from the words alone.
    pub fn text(self, make: impl Fn(&Words) -> String + Send + 'static) -> Text {
        let words = self.words;
        Box::new(move || words.with(|words| make(words)))
    }

    /// A text made from the words and the count.
    pub fn counted(self, make: impl Fn(&Words, &Count) -> String + Send + 'static) -> Text {
        let count = self.count;
        self.text(move |words| count.with(|count| make(words, count)))
    }

    /// A text made from the words and the form.
    pub fn told(self, make: impl Fn(&Words, &Form) -> String + Send + 'static) -> Text {
        let form = self.form;
        self.text(move |words| form.with(|form| make(words, form)))
    }

    /// A yes or no about the form.
    pub fn when(self, test: impl Fn(&Form) -> bool + Send + 'static) -> Flag {
        let form = self.form;
        Box::new(move || form.with(|form| test(form)))
    }

    /// A yes or no about the count.
    pub fn whether(self, test: impl Fn(&Count) -> bool + Send + 'static) -> Flag {
        let count = self.count;
        Box::new(move || count.with(|count| test(count)))
    }
}
