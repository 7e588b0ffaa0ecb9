namespace Kataven.Api.Tests.Tenancy;

/// <summary>CONTRACT.md section 2, sentence by sentence, and the matrix of the claims that Zitadel sends.</summary>
public sealed class AccountChoiceTests
{
    private static AccountChoiceCase Case => new();

    /// <summary>Names count, as they do in Development by default.</summary>
    private static AccountChoiceCase ByName => Case.Rules(binding: false);

    [Fact]
    public void The_account_of_the_home_organisation_is_chosen_and_may_be_named()
    {
        var home = Case.Account("acme", "1").Account("globex", "2").Home("1", "ACME");
        Assert.Equal("acme", home.Ask());
        Assert.Equal("acme", home.Ask("acme"));
    }

    [Fact]
    public void A_header_outside_of_the_token_is_forbidden_whether_the_account_exists_or_not()
    {
        var home = Case.Account("acme", "1").Account("globex", "2").Account("free").Home("1", "ACME");
        Assert.Equal("account_forbidden", home.Ask("globex"));
        Assert.Equal("account_forbidden", home.Ask("free"));
        Assert.Equal("account_forbidden", home.Ask("nowhere"));
        Assert.Equal("account_forbidden", home.Rules(binding: false).Ask("globex"));
        Assert.Equal("account_forbidden", home.Rules(binding: false).Ask("nowhere"));
    }

    [Fact]
    public void A_malformed_header_comes_before_all_that_the_token_says()
    {
        Assert.Equal("invalid_account", Case.Ask("Acme"));
        Assert.Equal("invalid_account", Case.Account("acme", "1").Home("1").Ask(""));
    }

    [Fact]
    public void A_reserved_slug_is_told_before_whether_the_token_may_act_for_it()
    {
        foreach (var slug in new[] { "kataven-admin", "postgres", "system", "template0", "template1" })
        {
            Assert.Equal("reserved_account", Case.Home("1", "acme").Ask(slug));
            Assert.Equal("reserved_account", ByName.Home("1", slug).Ask(slug));
            Assert.Equal("reserved_account", ByName.Account(slug).Home("1", slug).Ask());
        }
    }

    [Fact]
    public void The_organisation_that_was_asked_for_comes_before_the_home_organisation()
    {
        var both = Case.Account("acme", "1").Account("globex", "2").Home("1").AskedFor("2").Granted(("2", "b.example"));
        Assert.Equal("globex", both.Ask());
        Assert.Equal("acme", both.Ask("acme"));
        Assert.Equal("acme", Case.Account("acme", "1").Home("1").AskedFor("1").Ask());
    }

    [Fact]
    public void The_home_organisation_comes_before_the_granted_ones() =>
        Assert.Equal("acme", Case.Account("acme", "1").Account("globex", "2").Home("1").Granted(("2", "b.example")).Ask());

    [Fact]
    public void The_only_granted_organisation_is_chosen_where_the_home_organisation_has_no_account()
    {
        var granted = Case.Account("globex", "2").Home("1", "users").Granted(("2", "b.example"));
        Assert.Equal("globex", granted.Ask());
        Assert.Equal("globex", granted.Rules(binding: false).Ask());
        Assert.Equal("globex", Case.Account("globex", "2").Home("1").AskedFor("5").Granted(("2", "b.example")).Ask());
    }

    [Fact]
    public void Of_several_granted_organisations_the_header_has_to_name_one()
    {
        var granted = Case.Account("globex", "3").Account("beta", "2").Account("acme", "4").Home("1")
            .Granted(("3", "c.example"), ("2", "b.example"));
        Assert.Equal("ambiguous_account beta globex", granted.Ask());
        Assert.Equal("beta", granted.Ask("beta"));
        Assert.Equal("globex", granted.Ask("globex"));
        Assert.Equal("account_forbidden", granted.Ask("acme"));
    }

    [Fact]
    public void Of_several_accounts_of_one_organisation_the_header_has_to_name_one()
    {
        var several = Case.Account("acme-test", "1").Account("acme", "1").Account("globex", "2").Home("1").Granted(("2", "b.example"));
        Assert.Equal("ambiguous_account acme acme-test", several.Ask());
        Assert.Equal("acme-test", several.Ask("acme-test"));
        Assert.Equal("ambiguous_account acme acme-test", several.AskedFor("1").Ask());
    }

    [Fact]
    public void A_token_without_organisations_names_no_account()
    {
        var machine = Case.Account("acme", "1").Account("globex");
        Assert.Equal("missing_account", machine.Ask());
        Assert.Equal("account_forbidden", machine.Ask("acme"));
        Assert.Equal("account_forbidden", machine.Ask("globex"));
        Assert.Equal("missing_account", machine.Rules(binding: false).Ask());
        Assert.Equal("account_forbidden", machine.Ask("globex"));
    }

    [Fact]
    public void Where_binding_is_required_a_name_is_worth_nothing()
    {
        var named = Case.Account("acme").Home("1", "acme", "acme.example.com").Granted(("2", "acme.example.com"));
        Assert.Equal("missing_account", named.Ask());
        Assert.Equal("account_forbidden", named.Ask("acme"));
    }

    [Fact]
    public void A_bound_account_answers_to_its_id_alone_also_where_names_count()
    {
        var taken = ByName.Account("acme", "1").Home("6", "acme", "acme.example.com").Granted(("7", "acme.example.com"));
        Assert.Equal("account_forbidden", taken.Ask("acme"));
        Assert.Equal("account_forbidden", taken.Ask());
        Assert.Equal("acme", ByName.Account("acme", "1").Home("1", "renamed").Ask());
        Assert.Equal("acme", ByName.Account("acme", "1").Home("1", "renamed").Ask("acme"));
    }

    [Fact]
    public void Ids_are_compared_as_text()
    {
        var bound = Case.Account("acme", "0123");
        Assert.Equal("missing_account", bound.Home("123").Ask());
        Assert.Equal("acme", bound.Home("0123").Ask());
    }

    [Fact]
    public void An_unbound_account_answers_to_the_name_or_else_to_the_first_label_of_the_domain()
    {
        Assert.Equal("acme", ByName.Account("acme").Home("1", "acme", "globex.example.com").Ask());
        Assert.Equal("globex", ByName.Account("globex").Home("1", "ACME Inc.", "globex.example.com").Ask());
        Assert.Equal("globex", ByName.Account("globex").Home("1", null, "globex.example.com").Ask("globex"));
        Assert.Equal("globex", ByName.Account("globex").Home("1").Granted(("2", "globex.example.com")).Ask());
        Assert.Equal("globex", ByName.Account("globex").AskedFor("2").Granted(("2", "globex.example.com"), ("3", "x.example")).Ask());
    }

    [Fact]
    public void A_well_formed_name_leaves_the_domain_no_say()
    {
        var both = ByName.Account("globex").Home("1", "acme", "globex.example.com");
        Assert.Equal("account_forbidden", both.Ask("globex"));
        Assert.Equal("account_forbidden", both.Granted(("1", "globex.example.com")).Ask("globex"));
    }

    [Fact]
    public void Nothing_is_repaired_into_a_slug()
    {
        var capitals = ByName.Account("acme").Home("1", "ACME", "Acme.example.com");
        Assert.Equal("missing_account", capitals.Ask());
        Assert.Equal("account_forbidden", capitals.Ask("acme"));
        Assert.Equal("account_forbidden", ByName.Account("acme").Home("1", " acme", ".acme").Ask("acme"));
        Assert.Equal("account_forbidden", ByName.Account("acme").Home("1", "acme\n").Ask("acme"));
    }

    [Fact]
    public void An_organisation_named_after_no_account_goes_on_to_the_check_that_says_so()
    {
        Assert.Equal("nowhere", ByName.Home("1", "nowhere").Ask());
        Assert.Equal("nowhere", ByName.Home("1", "nowhere").Ask("nowhere"));
    }

    [Fact]
    public void An_administrator_opens_no_accounts_data()
    {
        var admin = Case.Account("acme", "999").Account("globex", "2").Home("999", "Operators").Granted(("2", "b.example"));
        Assert.Equal("reserved_account", admin.Ask());
        Assert.Equal("reserved_account", admin.Ask("kataven-admin"));
        Assert.Equal("account_forbidden", admin.Ask("acme"));
        Assert.Equal("account_forbidden", admin.Ask("globex"));
        Assert.Equal("account_forbidden", admin.Ask("nowhere"));
    }

    [Fact]
    public void In_Development_the_administrators_name_is_enough_and_elsewhere_it_is_an_ordinary_name()
    {
        var named = Case.Account("globex", "2").Home("5", "kataven-admin").Granted(("2", "b.example"));
        Assert.Equal("globex", named.Ask("globex"));
        Assert.Equal("globex", named.Rules(admin: null).Ask("globex"));
        Assert.Equal("account_forbidden", named.Rules(development: true).Ask("globex"));
        Assert.Equal("reserved_account", named.Rules(binding: false, admin: null, development: true).Ask());
    }
}
